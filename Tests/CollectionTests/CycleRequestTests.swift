// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

/// The requests of a cycle.
@Suite(.timeLimit(.minutes(30))) struct CycleRequestTests {
    /// The calls of the next cycle.
    private static func cycle(
        _ fixture: CollectionFixture,
        _ collector: AccountCollector,
        _ source: Deferred<ScriptedSource>
    ) async throws -> [ScriptedSource.Call] {
        let before = (try? source.value.calls.count) ?? 0
        try await fixture.sleep(.seconds(300))
        await collector.cycle()
        return try Array(source.value.calls.dropFirst(before))
    }

    /// The campaigns whose detail the next cycle fetches.
    private static func fetched(
        _ fixture: CollectionFixture,
        _ collector: AccountCollector,
        _ source: Deferred<ScriptedSource>
    ) async throws -> Set<String> {
        details(try await cycle(fixture, collector, source))
    }

    private static func details(_ calls: [ScriptedSource.Call]) -> Set<String> {
        Set(calls.flatMap { call -> [String] in if case .details(let ids) = call { ids } else { [] } })
    }

    @Test("With probes, details are fetched of new and changed campaigns, even with unchanged rows, and of the oldest")
    func groups() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(40), groupSize: 10)
            let collector = fixture.collector(plan)
            #expect(try await Self.fetched(fixture, collector, source).count == 40)
            #expect(try await Self.fetched(fixture, collector, source) == ["c000"])
            try source.value.world { world in
                world.setSent(120, of: "c007", revision: "1")
                world.setSent(1, of: "c040", revision: "0")
                world.details["c020"]?.measures[.opens] = 51
            }
            let calls = try await Self.cycle(fixture, collector, source)
            #expect(Self.details(calls) == ["c007", "c020", "c040"])
            #expect(calls.count { if case .group = $0 { true } else { false } } == 4 + 8)
            #expect(fixture.campaigns.map { $0.measures[.opens] }.filter { $0 != 50 } == [60, 51, 0.5])
            let counters = try fixture.record(plan).counters
            #expect(counters.detailsFetched == 40 + 1 + 3)
            #expect(counters.detailsSkipped == 39 + 38)
        }
    }

    @Test("Without probes, a changed campaign is fetched in the next cycle, an unchanged one ever more rarely")
    func backingOff() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(400), rate: 50)
            let collector = fixture.collector(plan)
            var fetched: [Int] = []
            for cycle in 0..<24 {
                // One campaign's detail changes in every cycle, its row never.
                if cycle > 0 { try source.value.world { $0.details["c300"]?.measures[.opens] = Double(50 + cycle) } }
                let ids = Self.details(try await Self.cycle(fixture, collector, source))
                #expect(cycle > 18 ? ids.contains("c300") : true)
                fetched.append(ids.count)
            }
            #expect(fetched.prefix(2) == [400, 400])
            #expect(fetched.suffix(5).allSatisfy { (37...38).contains($0) })
        }
    }

    @Test("Without probes, up to 25 campaigns are all fetched in every cycle")
    func few() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(20))
            let collector = fixture.collector(plan)
            for _ in 0..<20 {
                let fetched = try await Self.fetched(fixture, collector, source)
                #expect(fetched.count == 20)
            }
        }
    }

    @Test("Probes with wrong answers are suspended for an hour, in which each campaign has its own checks")
    func suspended() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(40)
            world.fault = {
                if case .group(let ids) = $0, ids.count < 10 { .rejected(status: 400, reason: "x") } else { nil }
            }
            let (plan, source) = fixture.plan(world: world, groupSize: 10)
            let collector = fixture.collector(plan)
            _ = try await Self.cycle(fixture, collector, source)
            try source.value.world { $0.knowsGroups = false }
            #expect(try await Self.fetched(fixture, collector, source).count == 40)
            for _ in 0..<11 {
                let calls = try await Self.cycle(fixture, collector, source)
                #expect(!calls.contains { if case .group = $0 { true } else { false } })
                #expect(Self.details(calls).count >= 25)
            }
            try source.value.world { $0.knowsGroups = true }
            #expect(try await Self.fetched(fixture, collector, source).count == 1)
            #expect(try fixture.record(plan).counters.failures == 0)
        }
    }

    @Test("Probes with answers that are always wrong are repeated after one hour, two hours and four hours")
    func wrongAnswers() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(100)
            world.knowsGroups = false
            let (plan, source) = fixture.plan(world: world, groupSize: 50, rate: 50)
            let collector = fixture.collector(plan)
            var probes: [Int] = []
            for cycle in 0..<120 {
                let calls = try await Self.cycle(fixture, collector, source)
                let groups = calls.count { if case .group = $0 { true } else { false } }
                #expect(groups <= 2 + 32)
                if groups > 0 { probes.append(cycle) }
            }
            #expect(probes == [1, 13, 37, 85])
            #expect(try fixture.record(plan).counters.failures == 0)
        }
    }

    @Test(
        "A failed or refused probe does not fail the collection",
        arguments: [true, false]
    )
    func failure(isRefused: Bool) async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(40), groupSize: 10)
            let collector = fixture.collector(plan)
            _ = try await Self.cycle(fixture, collector, source)
            let failure = isRefused ? APIError.refused(status: 401, advice: "x") : .invalid(status: 200, reason: "x")
            try source.value.world { $0.fault = { if case .group = $0 { failure } else { nil } } }
            _ = try await Self.cycle(fixture, collector, source)
            #expect(try fixture.record(plan).status.state == .up)
            #expect(fixture.campaigns.count == 40)
        }
    }
}
