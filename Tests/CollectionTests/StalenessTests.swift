// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct StalenessTests {
    @Test("What is too old disappears on time although no cycle ends, and the freshness metrics remain")
    func accountGoesStale() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(3)
            world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(20))
                let success = try #require(fixture.record(plan).status.lastSuccess)
                // The provider hangs: the second cycle never ends within the staleness.
                try source.value.world { $0.latency = .seconds(100_000) }
                try await fixture.sleep(.seconds(870))
                #expect(fixture.campaigns.count == 3)
                try await fixture.sleep(.seconds(20))
                #expect(fixture.campaigns.isEmpty)
                #expect(fixture.reports[0].mailboxes.count == 1)
                #expect(fixture.events.kinds.last == .stale(.campaigns))
                try await fixture.sleep(.seconds(1830))
                #expect(fixture.reports.isEmpty)
                #expect(try fixture.record(plan).status.lastSuccess == success)
                #expect(fixture.events.kinds.count { $0 == .stale(.campaigns) } == 1)
            }
        }
    }

    @Test("What is too old disappears on the second, between two cycles too")
    func onTime() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var (plan, _) = fixture.plan(world: .campaigns(3))
            plan.settings.interval = .seconds(7200)
            plan.settings.maxStaleness = .seconds(900)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                while fixture.campaigns.isEmpty { try await fixture.sleep(.milliseconds(50)) }
                try await fixture.sleep(.seconds(895))
                #expect(fixture.campaigns.count == 3)
                try await fixture.sleep(.seconds(6))
                #expect(fixture.campaigns.isEmpty)
            }
        }
    }

    @Test("A campaign's detail that fails for too long disappears, its row and the others stay")
    func detailGoesStale() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(2))
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(20))
                try source.value.world { world in
                    world.setSent(200, of: "c001", revision: "1")
                    world.campaignFault = { $0 == "c001" ? .rejected(status: 400, reason: "x") : nil }
                }
                try await fixture.sleep(.seconds(800))
                #expect(fixture.campaigns.map { $0.measures[.opens] } == [50, 50])
                try await fixture.sleep(.seconds(100))
                #expect(fixture.campaigns.map { $0.measures[.opens] } == [50, nil])
                #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == [100, 200])
                #expect(fixture.events.kinds.count { $0 == .stale(.details) } == 1)
                try source.value.world { $0.campaignFault = { _ in nil } }
                try await fixture.sleep(.seconds(330))
                #expect(fixture.campaigns.map { $0.measures[.opens] } == [50, 100])
            }
        }
    }

    @Test("A series that disappears and comes back with a little less is held at its last value")
    func sameSeriesAfterAbsence() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(1))
            let collector = fixture.collector(plan)
            await collector.cycle()
            try source.value.world { $0.rows = [:] }
            await collector.cycle()
            #expect(fixture.campaigns.isEmpty)
            try source.value.world { $0.setSent(98, of: "c000", revision: "2") }
            await collector.cycle()
            #expect(fixture.campaigns[0].measures[.messagesSent] == 100)
            #expect(try fixture.record(plan).counters.held == 2)
            #expect(fixture.events.kinds.last == .corrected(held: 2, reset: 0))
        }
    }

    @Test(
        "Each part has its own age bound",
        arguments: [
            (Duration.seconds(900), Duration.seconds(2700), Duration.seconds(64_800)),
            (.seconds(7200), .seconds(7200), .seconds(64_800)),
            (.seconds(100_000), .seconds(100_000), .seconds(100_000)),
        ]
    )
    func retention(maxStaleness: Duration, mailboxes: Duration, domainChecks: Duration) {
        let retention = Retention(campaigns: maxStaleness)
        #expect(retention.campaigns == maxStaleness)
        #expect(retention.mailboxes == mailboxes)
        #expect(retention.domainChecks == domainChecks)
    }
}
