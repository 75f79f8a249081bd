// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import TestSupport
import Testing

/// Parts of an account that fail or are refused while the others are collected.
@Suite(.timeLimit(.minutes(30))) struct PartTests {
    private static let refusal = APIError.refused(status: 403, advice: "give the key its scope")

    private static var world: ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(3, sent: 100)
        world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "a@example.com")])
        world.domainChecks = [DomainCheck(domain: "example.com", check: "mx", passed: true)]
        return world
    }

    /// A hundred campaigns whose details are refused to the key.
    private static var withoutDetails: ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(100, sent: 100)
        world.fault = { $0.part == .details ? refusal : nil }
        return world
    }

    @Test(
        "A refused part leaves the account up, is reported once, and is requested again after an hour",
        arguments: [DataPart.mailboxes, .domainChecks]
    )
    func refused(_ part: DataPart) async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world
            world.fault = { $0.part == part ? Self.refusal : nil }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            for _ in 0..<3 {
                await collector.cycle()
                try await fixture.sleep(.seconds(300))
            }
            let status = try fixture.record(plan).status
            #expect(status.state == .up && fixture.campaigns.count == 3)
            #expect(status.parts[.campaigns]?.isUp == true)
            #expect(status.parts[part]?.isUp == false && status.parts[part]?.isRefused == true)
            #expect(status.parts[part]?.error?.route != nil)
            #expect(try source.value.calls.count { $0.part == part } == 2)
            #expect(fixture.events.kinds.count { $0 == .partRefused(part, Self.refusal) } == 1)

            try source.value.world { $0.fault = { _ in nil } }
            try await fixture.sleep(.seconds(3600))
            await collector.cycle()
            #expect(try fixture.record(plan).status.parts[part]?.isUp == true)
            #expect(fixture.events.kinds.contains(.partRestored(part)))
        }
    }

    @Test("Refused details leave the account up with what the listing tells, after a few requests")
    func refusedDetails() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.withoutDetails)
            let collector = fixture.collector(plan)
            for _ in 0..<3 {
                await collector.cycle()
                try await fixture.sleep(.seconds(300))
            }
            let status = try fixture.record(plan).status
            #expect(status.state == .up && fixture.campaigns.count == 100)
            #expect(status.parts[.details]?.isRefused == true)
            #expect(try source.value.calls.count { $0.part == .details } <= 32)
            #expect(fixture.events.kinds.count { $0 == .partRefused(.details, Self.refusal) } == 1)
        }
    }

    @Test("Details that are allowed again are all fetched in the next cycle")
    func allowedDetails() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.withoutDetails)
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(try fixture.record(plan).status.campaignsFailed == 100)
            try source.value.world { $0.fault = { _ in nil } }
            try await fixture.sleep(.seconds(300))
            await collector.cycle()
            #expect(try fixture.record(plan).status.campaignsFailed == 0)
            #expect(fixture.campaigns.allSatisfy { $0.measures[.opens] == 50 })
        }
    }

    @Test("Where no campaign's details can be read the account is down, and all other parts are requested")
    func failedDetails() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world
            world.fault = { $0.part == .details ? .invalid(status: 200, reason: "no JSON") : nil }
            let (plan, source) = fixture.plan(world: world)
            await fixture.collector(plan).cycle()
            let status = try fixture.record(plan).status
            #expect(status.state == .down && status.campaignsFailed == 3)
            #expect(status.parts[.mailboxes]?.isUp == true && status.parts[.domainChecks]?.isUp == true)
            #expect(try source.value.calls.count { $0.part == .mailboxes } == 1)
            #expect(fixture.reports.first?.mailboxes.count == 1)
        }
    }

    @Test("Mailboxes whose warm-up is refused from some moment on never disappear, their warm-up does once it is old")
    func refusedWarmup() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = Self.world
            world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "a@example.com", warmupStatus: "active")])
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(400))
                try source.value.world { world in
                    world.warmupError = Self.refusal
                    world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "a@example.com")])
                }
                var told: [Bool] = []
                for _ in 0..<1_200 {
                    try await fixture.sleep(.seconds(10))
                    let mailbox = try #require(fixture.reports.first?.mailboxes.first)
                    told.append(mailbox.warmupStatus != nil)
                }
                let minutes = Double(told.count { $0 }) / 6
                #expect(told.prefix { $0 }.count == told.count { $0 }, "once gone, it stays gone")
                #expect(20...45 ~= minutes, "\(minutes) minutes")
            }
        }
    }

    @Test(
        "A key that is refused in the middle of a cycle is no refused part: all parts are requested once it is accepted"
    )
    func refusedKey() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: Self.world)
            let collector = fixture.collector(plan)
            try source.value.world { $0.fault = { $0.part == .campaigns ? nil : Self.refusal } }
            await collector.cycle()
            #expect(try fixture.record(plan).status.parts[.details]?.isUp == false)
            try source.value.world { $0.fault = { _ in Self.refusal } }
            for _ in 0..<3 { await collector.cycle() }
            #expect(try fixture.record(plan).status.state == .down)
            #expect(try fixture.record(plan).status.parts.values.allSatisfy { !$0.isRefused })
            try source.value.world { $0.fault = { _ in nil } }
            await collector.cycle()
            let status = try fixture.record(plan).status
            #expect(status.state == .up && status.campaignsFailed == 0 && status.parts.values.allSatisfy(\.isUp))
            #expect(!fixture.events.messages.contains { $0.contains("refused to this key") })
        }
    }

    @Test("The log line of a refused part names route, status, advice and the key that switches it off")
    func event() {
        let error = Self.refusal.of("/api/v2/accounts", for: .mailboxes)
        let event = CollectionEvent(
            account: Account(provider: "instantly", name: "acme"),
            kind: .partRefused(.mailboxes, error)
        )
        let line = event.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        #expect(event.level == .warning)
        #expect(line.contains("route=/api/v2/accounts") && line.contains("HTTP 403"))
        #expect(line.contains("give the key its scope; or switch it off with mailboxes: false"))
    }

    @Test("Failed campaigns are named: three of them, and how many more")
    func names() {
        let error = APIError.timedOut.of("/api/v2/campaigns/analytics/steps", for: .details)
        let event = CollectionEvent(
            account: Account(provider: "instantly", name: "acme"),
            kind: .campaignsFailed(["a", "b", "c", "d", "e"], of: 9, first: error)
        )
        let line = event.attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        #expect(line.contains("ids=a b c and 2 more") && line.contains("route=/api/v2/campaigns/analytics/steps"))
    }
}
