// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Testing

/// What every provider must do when all is well, or nearly.
@Suite struct ProviderContractTests {
    @Test("Every request carries the key as the provider wants it", arguments: Stage.all)
    func authentication(_ stage: Stage) async throws {
        let (source, record) = try await stage.source()
        _ = try await Harvest(source)
        let expected = stage.authentication(Stage.key)
        #expect(!record.requests.isEmpty)
        for request in record.requests {
            let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { _, last in last }
            #expect(headers.merging(expected) { _, new in new } == headers)
            #expect(!request.url.contains(Stage.key))
        }
    }

    @Test("Paging is followed to the end", arguments: Stage.all)
    func paging(_ stage: Stage) async throws {
        let campaigns = try await stage.harvest().report.campaigns
        #expect(campaigns.count == stage.campaigns)
        #expect(campaigns.allSatisfy { $0.measures.count > 0 })
        #expect(campaigns.contains { !$0.steps.isEmpty })
    }

    @Test("What comes with every cycle is told: names, statuses, mailboxes", arguments: Stage.all)
    func labels(_ stage: Stage) async throws {
        let harvest = try await stage.harvest()
        #expect(harvest.unknownFields.isEmpty)
        #expect(harvest.report.campaigns.allSatisfy { $0.name?.isEmpty == false && $0.status != nil })
        #expect(!harvest.report.mailboxes.isEmpty)
        #expect(harvest.report.mailboxes.allSatisfy { $0.status != nil })
    }

    @Test("Rows that come twice change nothing", arguments: Stage.all)
    func duplicates(_ stage: Stage) async throws {
        #expect(try await stage.harvest(under: .duplicateRows) == stage.harvest())
    }

    @Test("Numbers may come as strings", arguments: Stage.all)
    func strings(_ stage: Stage) async throws {
        #expect(try await stage.harvest(under: .numbersAsStrings) == stage.harvest())
    }

    @Test("A missing number has no sample, and takes no other with it", arguments: Stage.all)
    func missing(_ stage: Stage) async throws {
        let whole = try await stage.harvest().report.campaigns
        let thin = try await stage.harvest(under: .missingFields).report.campaigns
        #expect(thin.map(\.id) == whole.map(\.id))
        for (thin, whole) in zip(thin, whole) {
            // A sum over an open set of fields is a sum of those that are there.
            let missing = CampaignMeasure.allCases.filter { $0 != .leads && thin.measures[$0] != whole.measures[$0] }
            #expect(missing.allSatisfy { thin.measures[$0] == nil })
            #expect(thin.measures.count < whole.measures.count)
        }
    }

    @Test("A status that nobody knows is unknown, and counted", arguments: Stage.tables)
    func unknownStatus(_ stage: Stage) async throws {
        let harvest = try await stage.harvest(under: .unknownStatus)
        #expect(harvest.report.campaigns.allSatisfy { $0.status == .unknown })
        #expect(harvest.unknownFields == Array(repeating: "campaign_status", count: stage.campaigns))
    }

    @Test("A name is kept as it is, whatever it holds", arguments: Stage.tables)
    func names(_ stage: Stage) async throws {
        let report = try await stage.harvest(under: .wildNames).report
        #expect(report.campaigns.count == stage.campaigns)
        #expect(report.campaigns.allSatisfy { $0.name == Fault.wildName })
    }

    @Test("Invalid UTF-8 costs the character, not the answer", arguments: Stage.tables)
    func invalidUTF8(_ stage: Stage) async throws {
        let report = try await stage.harvest(under: .invalidUTF8).report
        #expect(report.campaigns.count == stage.campaigns)
        #expect(report.campaigns.allSatisfy { $0.name == "\u{FFFD}(\u{FFFD}" })
    }

    @Test("An empty account is empty, not a failure", arguments: Stage.tables)
    func empty(_ stage: Stage) async throws {
        let source = try await stage.source(under: .empty).source
        #expect(try await source.listing().content.isEmpty)
        #expect(try await source.details(of: []).content.isEmpty)
        #expect(try await source.domainChecks(for: []) ?? [] == [])
    }

    @Test("What the configuration does not want is not asked for", arguments: Stage.all)
    func switchedOff(_ stage: Stage) async throws {
        let (source, record) = try await stage.source {
            $0.steps = false
            $0.mailboxes = false
            $0.domains = false
        }
        let harvest = try await Harvest(source)
        #expect(harvest.report.campaigns.allSatisfy { $0.steps.isEmpty })
        #expect(harvest.report.mailboxes.isEmpty && harvest.report.domainChecks.isEmpty)
        #expect(!record.requests.contains { $0.url.contains("steps") || $0.url.contains("mailboxes") })
    }
}
