// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Synchronization
import Testing

@testable import Backfill

/// What the history of every provider must fulfil, compared with the simulator's totals.
@Suite(.timeLimit(.minutes(30))) struct HistoryContractTests {
    /// The simulator's clock stands at noon of 2026-08-21.
    private static let today = Day(number: 20_686)
    private static let days = today.advanced(by: -40)..<today

    @Test(
        "Each total of the past is seen once, never falls, and ends at or below the live one",
        arguments: TestProvider.simulated,
        [false, true]
    )
    func joint(_ provider: TestProvider, steps: Bool) async throws {
        let (live, source, ids) = try await open(provider)
        let advanced = Mutex(0)
        let parts = source.parts(steps: steps)
        var seen: Set<CampaignHistory.Key> = []
        for part in parts {
            let histories = try await part.histories(of: ids, over: Self.days) { days in
                advanced.withLock { $0 += days }
            }
            .mapValues { try $0.get() }
            #expect(histories.keys.sorted() == ids.sorted())
            let keys = Set(histories.values.flatMap { $0.series.keys })
            #expect(seen.isDisjoint(with: keys))
            seen.formUnion(keys)
            for (id, history) in histories {
                #expect(!history.isCorrected)
                try check(history, against: #require(live[id]))
            }
            #expect(histories.values.contains { $0.series.values.contains { $0.changes.count > 10 } })
        }
        #expect(advanced.withLock { $0 } == ids.count * Self.days.count * parts.count)
        #expect(seen.contains(.campaign(.messagesSent)))
        #expect(seen.contains { if case .step = $0 { true } else { false } } == steps)
    }

    @Test(
        "A campaign that always fails has no history, and the others of its batch the history they have without it",
        arguments: TestProvider.simulated,
        [
            HTTPResponse.text("oops", status: 500), .text(#"{"message":"Not found"}"#, status: 404),
            .text("{", status: 200),
        ]
    )
    func failing(_ provider: TestProvider, response: HTTPResponse) async throws {
        let (_, whole, ids) = try await open(provider)
        let bad = ids[1]
        let transport = FailingTransport(campaign: bad, response: response, other: try await provider.open(nil))
        let history = provider.kind.history(of: Self.account(provider), in: .test(transport))
        let source = try #require(history)
        for (part, intact) in zip(source.parts(steps: true), whole.parts(steps: true)) {
            let results = try await part.histories(of: ids, over: Self.days) { _ in }
            let expected = try await intact.histories(of: ids, over: Self.days) { _ in }
            #expect(results[bad]?.error?.route != nil, "\(part.name)")
            for id in ids where id != bad {
                #expect(try results[id]?.get().series == expected[id]?.get().series, "\(part.name)")
            }
        }
    }

    /// Every total rises until it is at or below the live one; one that is zero may have none.
    private func check(_ history: CampaignHistory, against live: Campaign) throws {
        let steps = Dictionary(uniqueKeysWithValues: live.steps.map { ($0.key, $0.measures) })
        for (key, series) in history.series {
            let total =
                switch key {
                case .campaign(let measure): live.measures[measure]
                case .step(let step, let measure): steps[step]?[measure]
                }
            let last = try #require(series.changes.last).value
            #expect((total ?? 0) >= last, "\(key)")
            let rising = zip(series.changes, series.changes.dropFirst()).allSatisfy { $0.value < $1.value }
            #expect(rising)
        }
    }

    /// Four campaigns' live numbers, and the source of their history.
    private func open(
        _ provider: TestProvider
    ) async throws -> (live: [String: Campaign], history: any AccountHistory, ids: [String]) {
        let account = Self.account(provider)
        let transport = try await provider.open(nil)
        let context = ProviderContext.test(transport)
        let source = provider.kind.source(for: account, in: context)
        let rows = try await source.listing().content.prefix(4).map(\.campaign)
        var live = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        for (id, result) in try await details(rows.map(\.id), source) {
            live[id] = live[id]?.completed(by: try result.get())
        }
        let history = provider.kind.history(of: account, in: context)
        return (live, try #require(history), rows.map(\.id))
    }

    private static func account(_ provider: TestProvider) -> AccountSettings {
        AccountSettings(
            account: Account(provider: provider.kind.name, name: "acme"),
            key: Secret(TestProvider.key),
            baseURL: provider.baseURL
        )
    }

    private func details(
        _ ids: [String],
        _ source: any AccountSource
    ) async throws -> [String: Result<Campaign, APIError>] {
        var all: [String: Result<Campaign, APIError>] = [:]
        for batch in ids.batches(of: source.detailBatch) {
            all.merge(try await source.details(of: batch).content) { $1 }
        }
        return all
    }
}

/// Gives every request that names a campaign the same response.
private struct FailingTransport: Transport {
    let campaign: String
    let response: HTTPResponse
    let other: any Transport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let isNamed = request.url.contains(campaign) || (request.body ?? []).contains(campaign.utf8)
        return isNamed ? response : try await other.send(request)
    }
}
