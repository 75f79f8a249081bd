// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition
@testable import Outreach

@Suite struct CatalogueTests {
    @Test("Names are legal and say what they are", arguments: Catalogue.families)
    func names(family: MetricFamily) {
        #expect(family.name.hasPrefix("outreach_"))
        #expect(family.name.allSatisfy { $0 == "_" || $0.isASCII && ($0.isLowercase || $0.isNumber) })
        #expect(!family.name.contains("__"))
        #expect(family.name.hasSuffix("_total") == (family.type == .counter))
        #expect(family.name.hasSuffix("_info") == (family.type == .info))
        for reserved in ["_bucket", "_count", "_sum", "_created"] { #expect(!family.name.hasSuffix(reserved)) }
    }

    @Test("Help is one line of sentences that ends with the refresh interval", arguments: Catalogue.families)
    func help(family: MetricFamily) {
        #expect(family.help.hasSuffix(". Refreshed once per collection interval."))
        #expect(!family.help.contains("\n"))
    }

    @Test("No two families share a name, in any format")
    func unique() {
        #expect(Set(Catalogue.families.map(\.name)).count == Catalogue.families.count)
        #expect(Set(Catalogue.families.map(\.openMetricsName)).count == Catalogue.families.count)
    }

    @Test("The page has every family, in the order of the catalogue")
    func complete() {
        let families = page([everything]).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { String($0.split(separator: " ")[2]) }
        #expect(families == Catalogue.families.map(\.name))
    }

    /// A report with something of everything.
    private var everything: AccountReport {
        var campaign = Campaign(id: "1", name: "n", status: .active, leadsByStatus: ["new": 1])
        for measure in CampaignMeasure.allCases { campaign.measures[measure] = 1 }
        var step = Step(key: .init(step: "1"))
        for measure in StepMeasure.allCases { step.measures[measure] = 1 }
        var mailbox = Mailbox(address: "m", service: "s", status: "t", warmupStatus: "w", placements: ["inbox": 1])
        for measure in MailboxMeasure.allCases { mailbox.measures[measure] = 1 }
        campaign.sending = SendingStatus("s", mailboxes: ["available": 1])
        return AccountReport(
            account: Account(provider: "p", name: "a"),
            campaigns: [campaign.labelled(["l"]).replacing(steps: [step])],
            mailboxes: [mailbox],
            domainChecks: [DomainCheck(domain: "d", check: "mx", passed: true)],
            messagesScheduled: ["today": 1],
            plan: PlanQuantity.Kind.allCases.map { PlanQuantity($0, of: "leads", 1) }
        )
    }
}
