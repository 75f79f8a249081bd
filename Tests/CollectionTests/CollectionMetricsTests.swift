// SPDX-License-Identifier: Apache-2.0

import Exposition
import Outreach
import Testing

@testable import Collection

@Suite struct CollectionMetricsTests {
    private let account = Account(provider: "instantly", name: "acme")

    /// The samples of a family as they stand on the page, without its header.
    private func samples(_ records: AccountRecords, _ family: MetricFamily) -> [Substring] {
        var writer = ExpositionWriter()
        let section = CollectionSection(records)
        section.write(section.entries(of: nil).map(\.content), to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(family.name + "{") || $0.hasPrefix(family.name + "_") }
    }

    @Test("outreach_account_up has no series before the first collection has finished")
    func up() {
        let records = AccountRecords()
        records.add(account, interval: .seconds(300))
        #expect(samples(records, CollectionFamilies.up).isEmpty)
        for (state, value) in [(AccountStatus.State.down, "0"), (.up, "1")] {
            records.update(account) { $0.status.state = state }
            #expect(
                samples(records, CollectionFamilies.up)
                    == ["outreach_account_up{provider=\"instantly\",account=\"acme\"} \(value)"]
            )
        }
    }

    @Test("Every account has its info series, and labels and cost where they are set; a reload changes them")
    func attribution() {
        let records = AccountRecords()
        var attribution = AccountAttribution()
        attribution.client = "Émile & Co"
        attribution.labels = ["b2b", "emea"]
        attribution.monthlyCost = MonthlyCost(97.5, currency: "EUR")
        records.add(account, interval: .seconds(300), attribution: attribution)
        records.add(Account(provider: "lemlist", name: "bare"), interval: .seconds(300))
        let families = [
            CollectionFamilies.accountInfo, CollectionFamilies.accountLabel, CollectionFamilies.costPerMonth,
        ]
        #expect(
            families.flatMap { samples(records, $0) } == [
                #"outreach_account_info{provider="instantly",account="acme",client="Émile & Co"} 1"#,
                #"outreach_account_info{provider="lemlist",account="bare",client=""} 1"#,
                #"outreach_account_label{provider="instantly",account="acme",label="b2b"} 1"#,
                #"outreach_account_label{provider="instantly",account="acme",label="emea"} 1"#,
                #"outreach_account_cost_per_month{provider="instantly",account="acme",currency="EUR"} 97.5"#,
            ]
        )
        records.add(account, interval: .seconds(300))
        #expect(families.map { samples(records, $0).count } == [2, 0, 0])
    }

    @Test("Totals start at zero, so that the first failure is an increase")
    func zeros() {
        let records = AccountRecords()
        records.add(account, interval: .seconds(300))
        for family in [
            CollectionFamilies.collections, CollectionFamilies.failures, CollectionFamilies.skipped,
            CollectionFamilies.detailsFetched, CollectionFamilies.detailsSkipped, CollectionFamilies.throttled,
        ] {
            #expect(samples(records, family).map { $0.suffix(2) } == [" 0"])
        }
        #expect(samples(records, CollectionFamilies.corrections).count == 2)
    }

    @Test("Requests are counted by route and code, their durations in buckets")
    func requests() {
        let records = AccountRecords()
        records.add(account, interval: .seconds(300))
        records.count(account) { counters in
            counters.addRequest("/b", "200", seconds: 0.1)
            counters.addRequest("/a", "error", seconds: 30)
            counters.addRequest("/a", "200", seconds: 0.05)
        }
        let labels = "provider=\"instantly\",account=\"acme\",route="
        #expect(
            samples(records, CollectionFamilies.requests) == [
                "outreach_api_requests_total{\(labels)\"/a\",code=\"200\"} 1",
                "outreach_api_requests_total{\(labels)\"/a\",code=\"error\"} 1",
                "outreach_api_requests_total{\(labels)\"/b\",code=\"200\"} 1",
            ]
        )
        let durations = samples(records, CollectionFamilies.requestDuration)
        #expect(durations.count == 2 * (AccountCounters.durationBounds.count + 3))
        #expect(durations.contains { $0.hasSuffix("route=\"/a\",le=\"0.05\"} 1") })
        #expect(durations.contains { $0.hasSuffix("route=\"/a\",le=\"40.5\"} 2") })
    }

    @Test("Counts of an account go with it, unknown values of a provider stay")
    func removal() {
        let records = AccountRecords()
        records.add(account, interval: .seconds(300))
        records.count(account) { $0.retries["timeout"] = 2 }
        records.count(unknown: ["campaign_status", "campaign_status"], of: "instantly")
        #expect(samples(records, CollectionFamilies.retries).count == 1)
        let version = records.version
        records.remove(account)
        #expect(records.version > version)
        #expect(samples(records, CollectionFamilies.retries).isEmpty)
        records.count(account) { $0.retries["timeout"] = 2 }
        #expect(samples(records, CollectionFamilies.retries).isEmpty)
        #expect(
            samples(records, CollectionFamilies.unknownValues) == [
                "outreach_exporter_unknown_values_total{provider=\"instantly\",field=\"campaign_status\"} 2"
            ]
        )
    }

    @Test("Every family has one name, and totals alone end in _total")
    func names() {
        let families = CollectionFamilies.all
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(family.name.hasPrefix("outreach_"))
            #expect(family.name.hasSuffix("_total") == (family.type == .counter))
            #expect(family.help.hasSuffix("."))
        }
    }

    @Test("No bound of a bucket is a whole number, which formats write differently")
    func bounds() {
        #expect(AccountCounters.durationBounds == AccountCounters.durationBounds.sorted())
        for bound in AccountCounters.durationBounds { #expect(bound != bound.rounded()) }
    }

    @Test("Unusable values are counted by route and field, and the first of each field is told per account")
    func unusable() async {
        let records = AccountRecords()
        records.add(account, interval: .seconds(300))
        var value = UnusableValue(route: "/list", field: "sent", row: "c7")
        value.count = 3
        let other = Account(provider: "instantly", name: "other")
        let news = [
            records.count(value, of: account), records.count(value, of: account), records.count(value, of: other),
        ]
        #expect(news == [true, false, true])
        #expect(
            samples(records, CollectionFamilies.unusableValues) == [
                #"outreach_exporter_unusable_values_total{provider="instantly",route="/list",field="sent"} 9"#
            ]
        )
        let event = CollectionEvent(account: account, kind: .valueUnusable(value))
        let line = event.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        #expect(line.hasPrefix("provider=instantly account=acme route=/list field=sent id=c7 advice="))
    }
}
