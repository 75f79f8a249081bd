// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import HTTPClient
import Outreach
import Providers
import Testing

/// What every provider must do when all is well, or nearly.
@Suite(.timeLimit(.minutes(30))) struct ProviderContractTests {
    @Test("Every request carries the key as the provider wants it", arguments: TestProvider.all)
    func authentication(_ provider: TestProvider) async throws {
        let (source, record) = try await provider.source()
        _ = try await CollectedAccount(source)
        let expected = provider.authentication(TestProvider.key)
        #expect(!record.requests.isEmpty)
        for request in record.requests {
            let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { _, last in last }
            #expect(headers.merging(expected) { _, new in new } == headers)
            #expect(request.query[provider.keyParameter ?? ""] == provider.keyParameter.map { _ in TestProvider.key })
            let occurrences = request.url.components(separatedBy: TestProvider.key).count - 1
            #expect(occurrences == (provider.keyParameter == nil ? 0 : 1))
        }
    }

    @Test("Every request carries the configured user agent, and none without one", arguments: TestProvider.stubs)
    func userAgent(_ provider: TestProvider) async throws {
        for agent in ["agent/1", nil] {
            let (source, record) = try await provider.source { $0.userAgent = agent }
            _ = try await CollectedAccount(source)
            let sent = record.requests.map { $0.headers.first { $0.name == "User-Agent" }?.value }
            #expect(!sent.isEmpty && sent.allSatisfy { $0 == agent })
        }
    }

    @Test("Paging is followed to the end", arguments: TestProvider.all)
    func paging(_ provider: TestProvider) async throws {
        let campaigns = try await provider.collect().report.campaigns
        #expect(campaigns.count == provider.campaigns)
        #expect(campaigns.allSatisfy { $0.measures.count > 0 })
        #expect(campaigns.contains { !$0.steps.isEmpty })
    }

    @Test("What comes with every cycle is told: names, statuses, mailboxes", arguments: TestProvider.all)
    func labels(_ provider: TestProvider) async throws {
        let collected = try await provider.collect()
        #expect(collected.unknownFields.isEmpty)
        #expect(collected.report.campaigns.allSatisfy { $0.name?.isEmpty == false && $0.status != nil })
        #expect(!collected.report.mailboxes.isEmpty)
        #expect(collected.report.mailboxes.allSatisfy { $0.status != nil })
    }

    @Test("Rows that come twice change nothing", arguments: TestProvider.all)
    func duplicates(_ provider: TestProvider) async throws {
        #expect(try await provider.collect(under: .duplicateRows) == provider.collect())
    }

    @Test("Numbers may come as strings", arguments: TestProvider.all)
    func strings(_ provider: TestProvider) async throws {
        #expect(try await provider.collect(under: .numbersAsStrings) == provider.collect())
    }

    @Test("A missing number has no sample, and takes no other with it", arguments: TestProvider.all)
    func missing(_ provider: TestProvider) async throws {
        let whole = try await provider.collect().report.campaigns
        let thin = try await provider.collect(under: .missingFields).report.campaigns
        #expect(thin.map(\.id) == whole.map(\.id))
        // A campaign that has sent nothing is reported without numbers anyway.
        for (thin, whole) in zip(thin, whole) where whole.measures[.messagesSent] ?? 0 > 0 {
            // A sum over an open set of fields is a sum of those that are there.
            let missing = CampaignMeasure.allCases.filter { $0 != .leads && thin.measures[$0] != whole.measures[$0] }
            #expect(missing.allSatisfy { thin.measures[$0] == nil })
            #expect(thin.measures.count < whole.measures.count)
        }
    }

    @Test("A status that nobody knows is unknown, and counted", arguments: TestProvider.stubs)
    func unknownStatus(_ provider: TestProvider) async throws {
        let collected = try await provider.collect(under: .unknownStatus)
        #expect(collected.report.campaigns.allSatisfy { $0.status == .unknown })
        #expect(collected.unknownFields == Array(repeating: "campaign_status", count: provider.campaigns))
    }

    @Test("A name is kept as it is, whatever it holds", arguments: TestProvider.stubs)
    func names(_ provider: TestProvider) async throws {
        let report = try await provider.collect(under: .wildNames).report
        #expect(report.campaigns.count == provider.campaigns)
        #expect(report.campaigns.allSatisfy { $0.name == Fault.wildName })
    }

    @Test("Invalid UTF-8 costs the character, not the answer", arguments: TestProvider.stubs)
    func invalidUTF8(_ provider: TestProvider) async throws {
        let report = try await provider.collect(under: .invalidUTF8).report
        #expect(report.campaigns.count == provider.campaigns)
        #expect(report.campaigns.allSatisfy { $0.name == "\u{FFFD}(\u{FFFD}" })
    }

    @Test("A lone surrogate costs the character, not the answer", arguments: TestProvider.stubs)
    func loneSurrogates(_ provider: TestProvider) async throws {
        let report = try await provider.collect(under: .loneSurrogate).report
        #expect(report.campaigns.count == provider.campaigns)
        #expect(report.campaigns.allSatisfy { $0.name == "\\\u{FFFD}\\uD83D🚀\u{FFFD}" })
    }

    @Test(
        "Pages above the size limit are halved until they fit, and the size is remembered",
        arguments: TestProvider.stubs
    )
    func hugePages(_ provider: TestProvider) async throws {
        let (source, record) = try await provider.source(under: .hugePages)
        #expect(try await CollectedAccount(source) == provider.collect())
        let limits = record.requests.map(\.rows).filter { $0 > 0 }
        #expect(limits.prefix(3) == [100, 50, 25])
        // Each of at most four lists begins with the largest pages once.
        #expect(limits.filter { $0 == 100 }.count <= 4)

        let (restarted, second) = try await provider.source(under: .hugePages)
        restarted.facts.restore(source.facts.all)
        _ = try await restarted.listing()
        #expect(second.requests.map(\.rows).filter { $0 > 0 }.allSatisfy { $0 == 25 })
    }

    @Test("An empty account is empty, not a failure", arguments: TestProvider.stubs)
    func empty(_ provider: TestProvider) async throws {
        let source = try await provider.source(under: .empty).source
        #expect(try await source.listing().content.isEmpty)
        #expect(try await source.details(of: []).content.isEmpty)
        #expect(try await source.domainChecks(for: []).content.isEmpty)
    }

    @Test("Data that the configuration excludes is not requested", arguments: TestProvider.all)
    func excluded(_ provider: TestProvider) async throws {
        let paths = provider.mailboxPaths + provider.stepPaths
        let (complete, all) = try await provider.source()
        _ = try await CollectedAccount(complete)
        for path in paths { #expect(all.requests.contains { $0.url.contains(path) }, "\(path)") }

        let (source, record) = try await provider.source {
            $0.steps = false
            $0.mailboxes = false
            $0.domains = false
        }
        let collected = try await CollectedAccount(source)
        #expect(collected.report.campaigns.allSatisfy { $0.steps.isEmpty })
        #expect(collected.report.mailboxes.isEmpty && collected.report.domainChecks.isEmpty)
        for path in paths { #expect(!record.requests.contains { $0.url.contains(path) }, "\(path)") }
    }
}
