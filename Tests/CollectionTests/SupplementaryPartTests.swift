// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import TestSupport
import Testing

/// Parts that an account can do without.
@Suite(.timeLimit(.minutes(30))) struct SupplementaryPartTests {
    private static let refusal = APIError.refused(status: 403, advice: "give the key its scope")

    private static var world: ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(3)
        world.labels = ["c001": ["b2b", "Émile & Co"]]
        return world
    }

    @Test("Labels come with the first cycle and then every six hours, and the campaigns carry them")
    func labels() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.world)
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(fixture.campaigns.map(\.labels) == [nil, ["b2b", "Émile & Co"], nil])
            try source.value.world { $0.labels = ["c002": ["b2b"]] }
            for _ in 0..<72 {
                try await fixture.sleep(.seconds(300))
                await collector.cycle()
            }
            #expect(fixture.campaigns.map(\.labels) == [nil, nil, ["b2b"]])
            #expect(try source.value.calls.count { $0 == .labels } == 2)
            #expect(try fixture.record(plan).status.parts[.labels]?.isUp == true)
        }
    }

    @Test("A refused part is told once as a failure in part, and requested again after an hour")
    func refused() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world
            world.fault = { $0 == .labels ? Self.refusal : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            for _ in 0..<14 {
                await collector.cycle()
                try await fixture.sleep(.seconds(300))
            }
            let status = try fixture.record(plan).status
            #expect(status.state == .up && fixture.campaigns.count == 3)
            #expect(status.parts[.labels]?.isUp == true && status.parts[.labels]?.isRefused == false)
            #expect(status.parts[.labels]?.failures == 2)
            #expect(try source.value.calls.count { $0 == .labels } == 2)
            let told = fixture.events.kinds.filter { $0 == .partFailed(.labels, Self.refusal, isPartial: true) }
            #expect(told.count == 1)

            try source.value.world { $0.fault = { _ in nil } }
            try await fixture.sleep(.seconds(3600))
            await collector.cycle()
            #expect(fixture.events.kinds.contains(.partRestored(.labels)))
            #expect(fixture.campaigns[1].labels?.count == 2)
        }
    }

    private static let plan = [PlanQuantity(.used, of: "leads", 7), PlanQuantity(.remaining, of: "credits", 3)]

    @Test("The plan is requested every six hours, an hour after a failure, and ends when it is too old")
    func plan() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world
            world.plan = Self.plan
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(fixture.reports.map { Set($0.plan) } == [Set(Self.plan)])
            try source.value.world { $0.fault = { $0 == .plan ? .rejected(status: 418, reason: "teapot") : nil } }
            for _ in 0..<215 {
                try await fixture.sleep(.seconds(300))
                await collector.cycle()
            }
            #expect(try source.value.calls.count { $0 == .plan } == 13)
            let status = try fixture.record(plan).status
            #expect(status.state == .up && status.parts[.planLimits]?.isUp == false)
            #expect(status.parts[.planLimits]?.failures == 12 && fixture.reports.map(\.plan.count) == [2])
            try await fixture.sleep(.seconds(600))
            await collector.cycle()
            #expect(fixture.reports.map(\.plan.count) == [0] && fixture.events.kinds.contains(.stale(.planLimits)))
        }
    }

    @Test("A provider that tells the plan with the labels is not asked for it")
    func planOfLabels() async throws {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            for _ in 0..<2 {
                let fixture = CollectionFixture(clock, archive: archive)
                var world = Self.world
                world.planOfLabels = Self.plan
                let (plan, _) = fixture.plan(world: world)
                let collector = fixture.collector(plan)
                try await fixture.running({ await collector.run() }) { try await fixture.sleep(.seconds(30)) }
                #expect(fixture.reports.map { Set($0.plan) } == [Set(Self.plan)])
                let parts = try fixture.record(plan).status.parts
                #expect(parts[.labels] != nil && parts[.planLimits] == nil)
            }
        }
    }

    @Test(
        "Supplementary requests are a twentieth of the others at most; what is not rationed leaves a fiftieth",
        arguments: [false, true]
    )
    func share(mailboxesFail: Bool) async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(20)
            world.labels = [:]
            let failing: Set<DataPart> = mailboxesFail ? [.labels, .mailboxes] : [.labels]
            world.fault = { failing.contains($0.part) ? .unavailable(status: 500, retryAfter: nil) : nil }
            let (plan, source) = fixture.plan(world: world, listingShowsChange: false)
            let collector = fixture.collector(plan)
            for _ in 0..<150 {
                await collector.cycle()
                try await fixture.sleep(.seconds(300))
            }
            let (credit, attempts) = (10, 5)
            let calls = try source.value.calls
            let (labels, mailboxes) = (calls.count { $0 == .labels }, calls.count { $0 == .mailboxes })
            let others = calls.count - labels - mailboxes
            let room = mailboxesFail ? others / 50 : others / 20 - mailboxes
            #expect(room > attempts && (room..<room + attempts).contains(labels - credit))
            #expect(try fixture.record(plan).status.state == .up)
            #expect(try fixture.record(plan).status.parts[.labels]?.isUp == false)
        }
    }
}
