// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct CycleDurationTests {
    @Test("A long cycle publishes every 15 seconds, reports its progress, and counts the starts it misses")
    func publishesMeanwhile() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, _) = fixture.plan(world: .campaigns(500), rate: 0.5)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(60))
                for _ in 0..<20 {
                    let before = fixture.campaigns.count { $0.measures[.opens] != nil }
                    try await fixture.sleep(.seconds(15))
                    let after = fixture.campaigns.count { $0.measures[.opens] != nil }
                    #expect(after >= before + 7)
                    let status = try fixture.record(plan).status
                    #expect(status.isCollecting)
                    #expect(status.campaigns == 500)
                    #expect((after...after + 8).contains(status.campaignsDone))
                }
                try await fixture.sleep(.seconds(700))
            }
            let record = try fixture.record(plan)
            #expect(record.counters.collections == 1)
            #expect(record.counters.skipped == 3)
            #expect(fixture.events.messages.contains("collection took longer than its interval"))
            #expect(fixture.campaigns.allSatisfy { $0.measures[.opens] != nil })
        }
    }

    @Test("A cycle longer than numbers may be old lists again meanwhile, and loses no campaign")
    func listsAgain() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(500), rate: 0.5)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(60))
                for _ in 0..<100 {
                    try await fixture.sleep(.seconds(10))
                    #expect(fixture.campaigns.count == 500)
                }
            }
            #expect(try source.value.calls.count { $0 == .listing } >= 3)
        }
    }

    @Test("A provider that hangs holds a cycle no longer than four intervals; the rest comes first next time")
    func deadline() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(500), rate: 0.2)
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(clock.elapsed == .seconds(1200))
            #expect(try fixture.record(plan).status.lastFailure == "the collection did not end in time")
            let first = try source.value.calls.count
            await collector.cycle()
            let details = { (calls: ArraySlice<ScriptedSource.Call>) in
                calls.compactMap { if case .details(let ids) = $0 { ids[0] } else { nil } }
            }
            let calls = try source.value.calls
            let again = Set(details(calls[first...])).intersection(details(calls[..<first]))
            #expect(details(calls[first...]).count > 200)
            // Those in flight at the deadline.
            #expect(again.count <= 16)
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("A cancelled collector ends at once, without sleeping tasks", arguments: [1, 30, 301, 400])
    func cancelled(after seconds: Int) async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, _) = fixture.plan(world: .campaigns(500), groupSize: 50, rate: 2)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) { try await fixture.sleep(.seconds(seconds)) }
            #expect(clock.elapsed == .seconds(seconds))
            #expect(clock.sleeperCount == 0)
            #expect(try fixture.record(plan).counters.collections == seconds / 200)
            #expect(try !fixture.record(plan).status.isCollecting)
            #expect(fixture.events.kinds.allSatisfy { if case .down = $0 { false } else { true } })
        }
    }

    @Test("Fifty accounts with two hundred campaigns each, through a few cycles")
    func manyAccounts() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let plans = (0..<50).map { fixture.plan("a\($0)", world: .campaigns(200), groupSize: 50) }
            let manager = CollectionManager(in: fixture.context)
            manager.apply(plans.map(\.plan))
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(290))
                #expect(manager.isReady)
                for (_, source) in plans {
                    try source.value.world { $0.setSent(500, of: "c007", revision: "1") }
                }
                try await fixture.sleep(.seconds(900))
            }
            #expect(fixture.campaigns.count == 10_000)
            #expect(fixture.campaigns.filter { $0.measures[.opens] == 250 }.count == 50)
            for (plan, source) in plans {
                let record = try fixture.record(plan)
                #expect(record.counters.failures == 0)
                #expect(record.counters.collections >= 3)
                #expect(try source.value.calls.count <= 201 + 4 * (1 + 4 + 1) + 1)
            }
        }
    }
}
