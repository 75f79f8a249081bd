// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Outreach

@Suite struct AccountReportTests {
    @Test(
        "Variants are named as columns of a sheet",
        arguments: zip(
            [0, 1, 25, 26, 27, 51, 52, 701, 702, -1],
            ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA", "unknown"]
        )
    )
    func letter(index: Int, letter: String) {
        #expect(Step.letter(index) == letter)
    }

    @Test("Steps are in the order people count them in")
    func stepOrder() {
        let keys =
            [("main", "1", "A"), ("main", "1", "B"), ("main", "1", "AA"), ("main", "2", "A"), ("main", "10", "A")]
            + [("main", "unknown", "A"), ("other", "1", "A")]
        let steps = keys.map { Step(key: .init(sequence: $0.0, step: $0.1, variant: $0.2)) }
        #expect(Campaign(id: "1", steps: steps.reversed()).steps == steps)
    }

    @Test("Steps that share a key are summed; the first keeps its texts")
    func stepSum() {
        let key = Step.Key(step: "1")
        let campaign = Campaign(
            id: "1",
            steps: [
                Step(key: key, channel: "email", measures: .init([.opens: 1])),
                Step(key: key, channel: "phone", measures: .init([.opens: 2, .clicks: 3])),
            ]
        )
        #expect(campaign.steps == [Step(key: key, channel: "email", measures: .init([.opens: 3, .clicks: 3]))])
    }

    @Test("Of entries that share an identity the last one counts; all are sorted")
    func unique() {
        let report = AccountReport(
            account: Account(provider: "p", name: "a"),
            campaigns: [Campaign(id: "b"), Campaign(id: "a", name: "old"), Campaign(id: "a", name: "new")],
            mailboxes: [Mailbox(address: "z@x"), Mailbox(address: "a@x"), Mailbox(address: "z@x", service: "google")],
            domainChecks: [
                DomainCheck(domain: "x", check: "spf", passed: false),
                DomainCheck(domain: "x", check: "mx", passed: true),
                DomainCheck(domain: "x", check: "spf", passed: true),
            ]
        )
        #expect(report.campaigns.map(\.id) == ["a", "b"])
        #expect(report.campaigns.first?.name == "new")
        #expect(report.mailboxes.map(\.service) == [nil, "google"])
        #expect(report.domainChecks.map(\.check) == ["mx", "spf"])
        #expect(report.domainChecks.allSatisfy { $0.passed })
    }

    @Test(
        "The domain of a mailbox is what follows the last @ of its address, in lower case",
        arguments: [("a@X.Com", "x.com"), ("\"a@b\"@x.com", "x.com"), ("a@", "unknown"), ("a", "unknown")]
    )
    func domain(_ address: String, _ domain: String) {
        #expect(Mailbox(address: address).shownDomain == domain)
    }

    @Test("A listing row is completed by its detail")
    func completed() {
        let row = Campaign(
            id: "1",
            name: "row",
            status: .active,
            measures: .init([.leads: 1, .opens: 2]),
            leadsByStatus: ["a": 1]
        )
        let detail = Campaign(
            id: "1",
            measures: .init([.opens: 3]),
            leadsByStatus: ["b": 2],
            steps: [Step(key: .init(step: "1"))]
        )
        let whole = row.completed(by: detail)
        #expect((whole.name, whole.status) == ("row", .active))
        #expect(whole.measures == .init([.leads: 1, .opens: 3]))
        #expect(whole.leadsByStatus == ["a": 1, "b": 2])
        #expect(whole.steps.count == 1)
        #expect(whole.completed(by: Campaign(id: "1")) == whole)
    }

    @Test("A secret never prints itself")
    func secret() {
        let secret = Secret("hunter2")
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\(["key": secret])"] {
            #expect(!text.contains("hunter2"))
        }
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test("A saved campaign comes back as it was")
    func roundTrip() throws {
        var measures = Measures<CampaignMeasure>()
        measures[.leads] = 12
        measures[.dealsClosed] = 0
        var step = Step(key: .init(step: "2", variant: "B"), channel: "linkedin", task: "invite")
        step.measures[.messagesSent] = 7.5
        let campaign = Campaign(
            id: "c1",
            name: "Q1 \"north\"\n🚀",
            status: .bounceProtect,
            measures: measures,
            leadsByStatus: ["sent": 3],
            steps: [step]
        )
        let saved = try JSONEncoder().encode(campaign)
        #expect(try JSONDecoder().decode(Campaign.self, from: saved) == campaign)
    }
}
