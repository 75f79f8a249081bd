// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct StalenessTests {
    @Test("What is too old disappears on time although no cycle ends, and the freshness metrics remain")
    func accountGoesStale() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            var world = ScriptedSource.World.campaigns(3)
            world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
            let (plan, source) = stage.plan(world: world)
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                try await stage.pass(.seconds(20))
                let success = try #require(stage.record(plan).status.lastSuccess)
                // The provider hangs: the second cycle never ends within the staleness.
                try source.value.world { $0.latency = .seconds(100_000) }
                try await stage.pass(.seconds(870))
                #expect(stage.campaigns.count == 3)
                try await stage.pass(.seconds(20))
                #expect(stage.campaigns.isEmpty)
                #expect(stage.reports[0].mailboxes.count == 1)
                #expect(stage.events.kinds.last == .stale(.campaigns))
                try await stage.pass(.seconds(1830))
                #expect(stage.reports.isEmpty)
                #expect(try stage.record(plan).status.lastSuccess == success)
                #expect(stage.events.kinds.count { $0 == .stale(.campaigns) } == 1)
            }
        }
    }

    @Test("What is too old disappears on the second, between two cycles too")
    func onTime() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            var (plan, _) = stage.plan(world: .campaigns(3))
            plan.settings.interval = .seconds(7200)
            plan.settings.maxStaleness = .seconds(900)
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                while stage.campaigns.isEmpty { try await stage.pass(.milliseconds(50)) }
                try await stage.pass(.seconds(895))
                #expect(stage.campaigns.count == 3)
                try await stage.pass(.seconds(6))
                #expect(stage.campaigns.isEmpty)
            }
        }
    }

    @Test("A campaign's detail that fails for too long disappears, its row and the others stay")
    func detailGoesStale() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (plan, source) = stage.plan(world: .campaigns(2))
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                try await stage.pass(.seconds(20))
                try source.value.world { world in
                    world.setSent(200, of: "c001", revision: "1")
                    world.campaignFault = { $0 == "c001" ? .rejected(status: 400, reason: "x") : nil }
                }
                try await stage.pass(.seconds(800))
                #expect(stage.campaigns.map { $0.measures[.opens] } == [50, 50])
                try await stage.pass(.seconds(100))
                #expect(stage.campaigns.map { $0.measures[.opens] } == [50, nil])
                #expect(stage.campaigns.map { $0.measures[.messagesSent] } == [100, 200])
                #expect(stage.events.kinds.count { $0 == .stale(.details) } == 1)
                try source.value.world { $0.campaignFault = { _ in nil } }
                try await stage.pass(.seconds(330))
                #expect(stage.campaigns.map { $0.measures[.opens] } == [50, 100])
            }
        }
    }

    @Test("A series that disappears and comes back with a little less is held at its last value")
    func sameSeriesBehindAbsence() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (plan, source) = stage.plan(world: .campaigns(1))
            let collector = stage.collector(plan)
            await collector.cycle()
            try source.value.world { $0.rows = [:] }
            await collector.cycle()
            #expect(stage.campaigns.isEmpty)
            try source.value.world { $0.setSent(98, of: "c000", revision: "2") }
            await collector.cycle()
            #expect(stage.campaigns[0].measures[.messagesSent] == 100)
            #expect(try stage.record(plan).counters.held == 2)
            #expect(stage.events.kinds.last == .corrected(held: 2, reset: 0))
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
    func lifetimes(maxStaleness: Duration, mailboxes: Duration, domainChecks: Duration) {
        let lifetimes = Retention(campaigns: maxStaleness)
        #expect(lifetimes.campaigns == maxStaleness)
        #expect(lifetimes.mailboxes == mailboxes)
        #expect(lifetimes.domainChecks == domainChecks)
    }
}
