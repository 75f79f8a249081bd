// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Providers
import Synchronization
import Testing

@testable import Backfill

/// What every provider must tell of the past, against the simulator's own.
@Suite struct HistoryContractTests {
    /// The simulator's clock stands at noon of 2026-08-21.
    private static let today = Day(number: 20_686)
    private static let days = today.advanced(by: -40)..<today

    @Test(
        "Each total of the past is told once, never falls, and ends at or below the live one",
        arguments: Stage.simulated,
        [false, true]
    )
    func joint(_ stage: Stage, steps: Bool) async throws {
        let (live, history, ids) = try await open(stage)
        let advanced = Mutex(0)
        let parts = history.parts(steps: steps)
        var told: Set<CampaignHistory.Key> = []
        for part in parts {
            let pasts = try await part.pasts(of: ids, Self.days) { days in advanced.withLock { $0 += days } }
            #expect(pasts.keys.sorted() == ids.sorted())
            let keys = Set(pasts.values.flatMap { $0.tracks.keys })
            #expect(told.isDisjoint(with: keys))
            told.formUnion(keys)
            for (id, past) in pasts {
                #expect(!past.isCorrected)
                try check(past, againstLive: #require(live[id]))
            }
            #expect(pasts.values.contains { $0.tracks.values.contains { $0.changes.count > 10 } })
        }
        #expect(advanced.withLock { $0 } == ids.count * Self.days.count * parts.count)
        #expect(told.contains(.campaign(.messagesSent)))
        #expect(told.contains { if case .step = $0 { true } else { false } } == steps)
    }

    /// Every total rises until it is at or below the live one; one that is zero may have none.
    private func check(_ past: CampaignHistory, againstLive live: Campaign) throws {
        let steps = Dictionary(uniqueKeysWithValues: live.steps.map { ($0.key, $0.measures) })
        for (key, track) in past.tracks {
            let total =
                switch key {
                case .campaign(let measure): live.measures[measure]
                case .step(let step, let measure): steps[step]?[measure]
                }
            let last = try #require(track.changes.last).value
            #expect((total ?? 0) >= last, "\(key)")
            let rising = zip(track.changes, track.changes.dropFirst()).allSatisfy { $0.value < $1.value }
            #expect(rising)
        }
    }

    /// Four campaigns' live numbers, and what tells their past.
    private func open(
        _ stage: Stage
    ) async throws -> (live: [String: Campaign], history: any AccountHistory, ids: [String]) {
        let account = AccountSettings(
            account: Account(provider: stage.kind.name, name: "acme"),
            key: Secret(Stage.key),
            baseURL: stage.baseURL
        )
        let transport = try await stage.open(nil)
        let source = stage.kind.source(for: account, gate: RequestGate(), transport: transport)
        let rows = try await source.listing().content.prefix(4).map(\.campaign)
        var live = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        for (id, result) in try await details(rows.map(\.id), source) {
            live[id] = live[id]?.completed(by: try result.get())
        }
        let history = stage.kind.history(of: account, gate: RequestGate(), transport: transport)
        return (live, try #require(history), rows.map(\.id))
    }

    private func details(
        _ ids: [String],
        _ source: any AccountSource
    ) async throws -> [String: Result<Campaign, APIError>] {
        var all: [String: Result<Campaign, APIError>] = [:]
        for start in stride(from: 0, to: ids.count, by: source.detailBatch) {
            let batch = Array(ids[start..<min(start + source.detailBatch, ids.count)])
            all.merge(try await source.details(of: batch).content) { $1 }
        }
        return all
    }
}
