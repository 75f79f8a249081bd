// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct PrometheusTests {
    @Test("a real Prometheus takes every sample, without a warning, and joins names")
    func scrape() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        let prometheus = try await PrometheusServer.start(scraping: exporter.url)

        let up = try await prometheus.query("up") { $0.first?.value == 1 }
        #expect(up.map(\.value) == [1])
        let difference = "scrape_samples_scraped - on () outreach_exporter_series"
        #expect(try await prometheus.query(difference).map(\.value) == [0])
        let added = "scrape_samples_post_metric_relabeling - scrape_samples_scraped"
        #expect(try await prometheus.query(added).map(\.value) == [0])

        let joined = try await prometheus.query(
            """
            outreach_campaign_messages_sent_total
              * on (provider, account, campaign) group_left (name) outreach_campaign_info
            """
        )
        #expect(joined.count > 30)
        #expect(joined.allSatisfy { $0.labels["name"]?.isEmpty == false })
        #expect(prometheus.complaints == [])
    }

    @Test("The first events of a campaign count: from its first sample on it rises by the provider's total")
    func firstEvents() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 8)
        let directory = try TemporaryDirectory()
        let configuration = "--config.file=\(try directory.file("config.yml", simulator.configuration))"
        let exporter = try await ExporterProcess.start([configuration])
        try await exporter.ready()
        let page = try await exporter.get("/metrics").body
        let unsent = try #require(page.unsentCampaign)
        let labels = "provider=\"instantly\",campaign=\"\(unsent)\""
        let prometheus = try await PrometheusServer.start(scraping: exporter.url)
        try await prometheus.scrapes(2)

        try await simulator.set(speed: 86_400)
        _ = try await prometheus.query("outreach_campaign_messages_sent_total{\(labels)}") {
            $0.first?.value ?? 0 > 20
        }
        try await simulator.set(speed: 0)
        let totals = try await Counters.ofProviders(configuration: configuration).filter {
            $0.key.hasPrefix("outreach_campaign_") && $0.key.contains(unsent)
        }
        let unseen = Set(totals.keys).subtracting(Counters(page).keys)
        try #require(unseen.isEmpty, "counters without a sample before the first event")
        #expect(totals.count > 15 && totals.values.count { $0 > 0 } > 5)
        for (series, total) in totals {
            let family = series.prefix { $0 != "{" }
            let range = "\(family){\(labels)}[1h]"
            let rise = "max_over_time(\(range)) - min_over_time(\(range))"
            let risen = try await prometheus.query(rise) { $0.first?.value == total }
            #expect(risen.map(\.value) == [total], "\(family)")
        }
    }
}

extension [UInt8] {
    /// The id of an Instantly campaign on a page whose counters are all 0.
    fileprivate var unsentCampaign: String? {
        let counters = Counters(self).filter {
            $0.key.hasPrefix("outreach_campaign_") && $0.key.contains("provider=\"instantly\"")
        }
        let sums = Dictionary(counters.map { ($0.key.label("campaign"), $0.value) }, uniquingKeysWith: +)
        return sums.filter { $0.value == 0 }.keys.compactMap(\.self).min()
    }
}

extension String {
    fileprivate func label(_ name: String) -> String? {
        split(separator: "\"").firstIndex { $0.hasSuffix("\(name)=") }.map { index in
            String(split(separator: "\"")[index + 1])
        }
    }
}
