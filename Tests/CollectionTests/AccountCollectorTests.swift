// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct AccountCollectorTests {
    @Test("The first cycle starts soon, the next ones at the interval, and each publishes")
    func rhythm() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(3))
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(20))
                #expect(fixture.campaigns.map(\.id) == ["c000", "c001", "c002"])
                #expect(fixture.campaigns[0].measures[.opens] == 50)
                try await fixture.sleep(.seconds(3600))
                let calls = try source.value.calls
                #expect(calls.filter { $0 == .listing }.count == 13)
            }
            #expect(clock.sleeperCount == 0)
            let record = try fixture.record(plan)
            #expect(record.counters.collections == 13)
            #expect(record.counters.failures == 0)
            #expect(record.status.state == .up)
            #expect(fixture.events.messages == ["account is up"])
        }
    }

    @Test("A source whose listing shows no change has every detail fetched in batches")
    func alwaysDue() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(250), detailBatch: 100, listingShowsChange: false)
            let collector = fixture.collector(plan)
            await collector.cycle()
            await collector.cycle()
            let batches = try source.value.calls.compactMap { call -> Int? in
                if case .details(let ids) = call { ids.count } else { nil }
            }
            #expect(batches == [100, 100, 50, 100, 100, 50])
        }
    }

    @Test("A cycle is as fast as the rate limit allows, although every response takes a second")
    func rateLimitedCycle() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(400)
            world.latency = .seconds(1)
            var (plan, _) = fixture.plan(world: world)
            plan.settings.concurrency = 10
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect((400 / 8.0...400 / 8.0 * 1.1).contains(clock.elapsed / .seconds(1)))
        }
    }

    @Test("A failed listing keeps everything and is a failed collection")
    func failedListing() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(3))
            let collector = fixture.collector(plan)
            await collector.cycle()
            let version = fixture.context.store.version
            try source.value.world { world in
                world.rows = [:]
                world.fault = { $0 == .listing ? .unavailable(status: 500, retryAfter: nil) : nil }
            }
            await collector.cycle()
            await collector.cycle()
            #expect(fixture.campaigns.count == 3)
            #expect(fixture.context.store.version == version)
            let status = try fixture.record(plan).status
            #expect(status.state == .down)
            #expect(status.lastFailure == "the provider has trouble (HTTP 500)")
            try source.value.world { $0.fault = { _ in nil } }
            await collector.cycle()
            #expect(fixture.campaigns.isEmpty)
            #expect(
                fixture.events.messages == [
                    "account is up", "collection failed, account is down",
                    "collection failed again, account is still down", "account is up again",
                ]
            )
        }
    }

    @Test("One campaign's failure is its own: it keeps its data, and is tried again in the next cycle")
    func failedCampaign() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(3))
            let collector = fixture.collector(plan)
            await collector.cycle()
            try source.value.world { world in
                for id in ["c000", "c001"] { world.setSent(200, of: id, revision: "1") }
                world.campaignFault = { $0 == "c001" ? .rejected(status: 400, reason: "x") : nil }
            }
            await collector.cycle()
            #expect(fixture.campaigns.map { $0.measures[.opens] } == [100, 50, 50])
            #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == [200, 200, 100])
            #expect(try fixture.record(plan).status.state == .up)
            #expect(try fixture.record(plan).status.campaignsFailed == 1)
            try source.value.world { $0.campaignFault = { _ in nil } }
            await collector.cycle()
            #expect(fixture.campaigns.map { $0.measures[.opens] } == [100, 100, 50])
            #expect(try fixture.record(plan).status.campaignsFailed == 0)
        }
    }

    @Test("A campaign that no longer exists is no longer published")
    func gone() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(2))
            let collector = fixture.collector(plan)
            await collector.cycle()
            try source.value.world { world in
                world.setSent(200, of: "c001", revision: "1")
                world.campaignFault = { $0 == "c001" ? .gone : nil }
            }
            await collector.cycle()
            #expect(fixture.campaigns.map(\.id) == ["c000"])
            #expect(try fixture.record(plan).status.campaignsFailed == 0)
        }
    }

    @Test("A refused key ends the cycle; the next cycle tries again")
    func refused() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let refusal = APIError.refused(status: 401, advice: "make a new key")
            var world = ScriptedSource.World.campaigns(100)
            world.fault = { $0 == .listing ? refusal : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(try source.value.calls == [.listing])
            let status = try fixture.record(plan).status
            #expect(status.state == .down)
            #expect(status.advice == "make a new key")
            #expect(fixture.events.kinds == [.down(refusal)])
            try source.value.world { $0.fault = { _ in nil } }
            await collector.cycle()
            #expect(try fixture.record(plan).status.state == .up)
            #expect(fixture.campaigns.count == 100)
        }
    }

    @Test("Mailboxes come every 15 minutes, domain checks every 6 hours")
    func groups() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(1)
            world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
            world.domainChecks = [DomainCheck(domain: "example.com", check: "spf", passed: true)]
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) { try await fixture.sleep(.seconds(12 * 3600 - 60)) }
            let calls = try source.value.calls
            #expect(calls.filter { $0 == .mailboxes }.count == 48)
            #expect(calls.filter { $0 == .domainChecks }.count == 2)
            #expect(fixture.reports[0].mailboxes.count == 1)
            #expect(fixture.reports[0].domainChecks.count == 1)
        }
    }

    @Test("Failing mailboxes are not the account's failure")
    func failingMailboxes() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(1)
            world.fault = { $0 == .mailboxes ? .rejected(status: 400, reason: "x") : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            await collector.cycle()
            await collector.cycle()
            #expect(try fixture.record(plan).status.state == .up)
            let calls = try source.value.calls
            #expect(calls.filter { $0 == .mailboxes }.count == 2)
        }
    }
}
