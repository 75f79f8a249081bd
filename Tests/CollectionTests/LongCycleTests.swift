// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct LongCycleTests {
    @Test("A long cycle publishes at least every 15 seconds, tells its progress, and counts the starts it misses")
    func publishesMeanwhile() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (plan, _) = stage.plan(world: .campaigns(500), rate: 0.5)
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                try await stage.pass(.seconds(60))
                for _ in 0..<20 {
                    let before = stage.campaigns.count { $0.measures[.opens] != nil }
                    try await stage.pass(.seconds(15))
                    let after = stage.campaigns.count { $0.measures[.opens] != nil }
                    #expect(after >= before + 7)
                    let status = try stage.record(plan).status
                    #expect(status.isCollecting)
                    #expect(status.campaigns == 500)
                    #expect((after...after + 8).contains(status.campaignsDone))
                }
                try await stage.pass(.seconds(700))
            }
            let record = try stage.record(plan)
            #expect(record.counters.collections == 1)
            #expect(record.counters.skipped == 3)
            #expect(stage.events.messages.contains("collection took longer than its interval"))
            #expect(stage.campaigns.allSatisfy { $0.measures[.opens] != nil })
        }
    }

    @Test("A provider that hangs holds a cycle no longer than four intervals; the rest comes first next time")
    func deadline() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (plan, source) = stage.plan(world: .campaigns(500), rate: 0.2)
            let collector = stage.collector(plan)
            await collector.cycle()
            #expect(clock.elapsed == .seconds(1200))
            #expect(try stage.record(plan).status.lastFailure == "no complete answer in time")
            let first = try source.value.calls.count
            await collector.cycle()
            let details = { (calls: ArraySlice<ScriptedSource.Call>) in
                calls.compactMap { if case .details(let ids) = $0 { ids[0] } else { nil } }
            }
            let calls = try source.value.calls
            let again = Set(details(calls[first...])).intersection(details(calls[..<first]))
            #expect(details(calls[first...]).count > 200)
            // Those under way at the deadline.
            #expect(again.count <= 16)
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("Cancelled in the middle, a collector ends at once and leaves nothing behind", arguments: [1, 30, 301, 400])
    func cancelled(after seconds: Int) async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (plan, _) = stage.plan(world: .campaigns(500), groupSize: 50, rate: 2)
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) { try await stage.pass(.seconds(seconds)) }
            #expect(clock.elapsed == .seconds(seconds))
            #expect(clock.sleeperCount == 0)
            #expect(try stage.record(plan).counters.collections == seconds / 200)
            #expect(try !stage.record(plan).status.isCollecting)
            #expect(stage.events.kinds.allSatisfy { if case .down = $0 { false } else { true } })
        }
    }

    @Test("Fifty accounts with two hundred campaigns each, through a few cycles")
    func manyAccounts() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let plans = (0..<50).map { stage.plan("a\($0)", world: .campaigns(200), groupSize: 50) }
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply(plans.map(\.plan))
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(290))
                #expect(fleet.isReady)
                for (_, source) in plans {
                    try source.value.world { $0.setSent(500, of: "c007", revision: "1") }
                }
                try await stage.pass(.seconds(900))
            }
            #expect(stage.campaigns.count == 10_000)
            #expect(stage.campaigns.filter { $0.measures[.opens] == 250 }.count == 50)
            for (plan, source) in plans {
                let record = try stage.record(plan)
                #expect(record.counters.failures == 0)
                #expect(record.counters.collections >= 3)
                #expect(try source.value.calls.count <= 201 + 4 * (1 + 4 + 1) + 1)
            }
        }
    }
}
