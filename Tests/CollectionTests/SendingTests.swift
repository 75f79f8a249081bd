// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

/// Campaigns that should send and stand still, and the reasons for it.
@Suite(.timeLimit(.minutes(30))) struct SendingTests {
    private static let reason = SendingStatus("no_accounts_available", mailboxes: ["available": 0, "disconnected": 3])

    private static func world(_ campaigns: Int) -> ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(campaigns)
        world.sending = Dictionary(uniqueKeysWithValues: world.rows.keys.map { ($0, reason) })
        return world
    }

    private static func cycle(_ count: Int, _ collector: AccountCollector, _ fixture: CollectionFixture) async throws {
        for _ in 0..<count {
            await collector.cycle()
            try await fixture.sleep(.seconds(300))
        }
    }

    @Test("A campaign that stands still for six intervals is asked about, and shown with its reason until it moves")
    func reason() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.world(20))
            let collector = fixture.collector(plan)
            try await Self.cycle(6, collector, fixture)
            #expect(fixture.campaigns.allSatisfy { $0.sending == nil })
            #expect(try !source.value.calls.contains { $0.part == .sendingStates })
            try source.value.world { world in
                for index in 0..<19 { world.setSent(101, of: ScriptedSource.World.id(index), revision: "1") }
            }
            try await Self.cycle(2, collector, fixture)
            #expect(fixture.campaigns.map { $0.sending != nil } == Array(repeating: false, count: 19) + [true])
            #expect(fixture.campaigns.last?.sending == Self.reason)
            #expect(try source.value.calls.count { $0.part == .sendingStates } == 1)
            try source.value.world { $0.setSent(101, of: "c019", revision: "1") }
            try await Self.cycle(1, collector, fixture)
            #expect(fixture.campaigns.last?.sending == nil)
        }
    }

    @Test(
        "At most one campaign in a hundred is asked about in a cycle, and a twentieth of the requests"
    )
    func share() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.world(60), listingShowsChange: false)
            let collector = fixture.collector(plan)
            var before = 0
            for _ in 0..<40 {
                try await Self.cycle(1, collector, fixture)
                let calls = try source.value.calls
                let asked = calls.count { $0.part == .sendingStates }
                #expect(asked - before <= 1 && asked * 20 <= calls.count - asked)
                before = asked
            }
            #expect(before >= 30)
            #expect(fixture.campaigns.count { $0.sending != nil } == before)
        }
    }

    @Test("What is out of its schedule by the listing is not asked about, and no campaign that should not send")
    func listed() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world(2)
            let campaign = Campaign.sent(100, id: "c000")
            world.rows["c000"] = ListedCampaign(campaign, sending: SendingStatus("out_of_schedule"))
            var paused = Campaign.sent(100, id: "c001")
            paused.status = .paused
            world.rows["c001"] = ListedCampaign(paused)
            world.details["c001"]?.status = .paused
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await Self.cycle(20, collector, fixture)
            #expect(fixture.campaigns.map(\.sending?.state) == ["out_of_schedule", nil])
            let fetched = try source.value.calls.count { $0 == .details(["c000"]) }
            // The reason changes with the hour; the row and the detail do not.
            try source.value.world {
                $0.rows["c000"] = ListedCampaign(campaign, sending: SendingStatus("daily_limit_met"))
            }
            try await Self.cycle(1, collector, fixture)
            #expect(fixture.campaigns[0].sending != nil)
            #expect(try source.value.calls.count { $0 == .details(["c000"]) } <= fetched + 1)
            #expect(try !source.value.calls.contains(.sending("c001")))
        }
    }

    @Test("A refused scope is told once as a failure in part, and the account stays up")
    func refused() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world(20)
            let refusal = APIError.refused(status: 403, advice: "give the key its scope")
            world.fault = { $0.part == .sendingStates ? refusal : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await Self.cycle(30, collector, fixture)
            let status = try fixture.record(plan).status
            #expect(status.state == .up && status.parts[.sendingStates]?.isUp == true)
            #expect(fixture.events.kinds.count { $0 == .partFailed(.sendingStates, refusal, isPartial: true) } == 1)
            #expect(try source.value.calls.count { $0.part == .sendingStates } <= 3)
        }
    }

    @Test("A failure ends with the campaigns that it was about")
    func failure() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world(20)
            world.fault = { $0.part == .sendingStates ? .rejected(status: 418, reason: "teapot") : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await Self.cycle(8, collector, fixture)
            #expect(try fixture.record(plan).status.parts[.sendingStates]?.isUp == false)
            try source.value.world { world in
                for id in world.rows.keys { world.setSent(101, of: id, revision: "1") }
            }
            try await Self.cycle(1, collector, fixture)
            #expect(try fixture.record(plan).status.parts[.sendingStates]?.isUp == true)
        }
    }

    @Test("A restart keeps the reasons, and since when the campaigns stand still")
    func restart() async throws {
        let saved = try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let fixture = CollectionFixture(clock, archive: archive)
            let collector = fixture.collector(fixture.plan(world: Self.world(20)).plan)
            try await Self.cycle(8, collector, fixture)
            #expect(fixture.campaigns.contains { $0.sending == Self.reason })
            return (archive.saved, fixture.campaigns)
        }
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved.0))
            clock.shiftWallTime(by: .seconds(2400))
            let manager = CollectionManager(in: fixture.context)
            manager.apply([fixture.plan(world: Self.world(20)).plan])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.milliseconds(1))
                #expect(fixture.campaigns == saved.1)
            }
        }
    }
}
