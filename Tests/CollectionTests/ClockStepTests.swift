// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

/// Clocks that jump, and a process that is stopped for a while.
@Suite(.timeLimit(.minutes(30))) struct ClockStepTests {
    @Test("A step of the wall clock changes no age, drops no data and starts no collection", arguments: [3, -3])
    func step(hours: Int) async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var world = ScriptedSource.World.campaigns(3)
            world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
            let (plan, _) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try await fixture.running({
                await withDiscardingTaskGroup { group in
                    group.addTask { await collector.run() }
                    group.addTask { await fixture.context.followWallClock() }
                }
            }) {
                try await fixture.sleep(.seconds(60))
                let before = try fixture.record(plan)
                let ages = Self.ages(before.status, clock)
                clock.shiftWallTime(by: .seconds(hours * 3600))
                try await fixture.sleep(.seconds(2))
                let after = try fixture.record(plan)
                #expect(ages.count == 7)
                for (age, earlier) in zip(Self.ages(after.status, clock), ages) {
                    #expect(abs(age - earlier - 2) < 0.01)
                }
                #expect(after.counters == before.counters)
                #expect(fixture.campaigns.count == 3 && fixture.reports[0].mailboxes.count == 1)
                try await fixture.sleep(.seconds(plan.settings.interval / .seconds(1) + 60))
                #expect(try fixture.record(plan).counters.collections == before.counters.collections + 1)
                #expect(Self.ages(try fixture.record(plan).status, clock).allSatisfy { $0 > -400 })
                #expect(!fixture.events.kinds.contains { if case .stale = $0 { true } else { false } })
            }
        }
    }

    @Test("Small differences between the clocks move nothing until they add up to a second")
    func slewing() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, _) = fixture.plan(world: .campaigns(1))
            let collector = fixture.collector(plan)
            await collector.cycle()
            let success = try #require(try fixture.record(plan).status.lastSuccess)
            clock.shiftWallTime(by: .milliseconds(600))
            _ = fixture.context.readClocks()
            #expect(try fixture.record(plan).status.lastSuccess == success)
            clock.shiftWallTime(by: .milliseconds(600))
            _ = fixture.context.readClocks()
            let moved = try #require(try fixture.record(plan).status.lastSuccess)
            #expect(abs(moved.seconds - success.seconds - 1.2) < 0.001)
        }
    }

    @Test("After a stop of an hour there is one collection at once, then one per interval, and none was slow")
    func stopped() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (plan, source) = fixture.plan(world: .campaigns(3))
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.seconds(60))
                let before = try fixture.record(plan).counters.collections
                clock.stop(for: .seconds(3600))
                try await fixture.sleep(.seconds(20))
                #expect(try fixture.record(plan).counters.collections == before + 1)
                #expect(fixture.campaigns.count == 3)
                #expect(!fixture.events.kinds.contains { if case .slow = $0 { true } else { false } })
                try await fixture.sleep(plan.settings.interval * 4)
                #expect(try fixture.record(plan).counters.collections == before + 5)
                #expect(try source.value.calls.count { $0 == .listing } == before + 5)
            }
        }
    }

    @Test("After a stop no more requests pass in a second than the burst and the rate allow")
    func burst() async throws {
        try await Simulation.run { clock in
            let limiter = RateLimiter(rate: 10, burst: 3, clock: clock)
            let times = Shared<[Duration]>([])
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await limiter.acquire()
                        times.withLock { $0.append(clock.elapsed) }
                    }
                }
                group.addTask {
                    try await clock.sleep(until: clock.now + .seconds(2), tolerance: nil)
                    clock.stop(for: .seconds(600))
                }
            }
            let passed = times.withLock { $0 }
            #expect(passed.count == 100 && passed[99] > .seconds(600))
            #expect(zip(passed, passed.dropFirst(13)).allSatisfy { $1 - $0 > .milliseconds(999) })
        }
    }

    /// The ages of all recorded times, in seconds; negative for the next start.
    private static func ages(_ status: AccountStatus, _ clock: TestClock) -> [Double] {
        let times = [status.lastAttempt, status.lastSuccess, status.nextRun]
        let parts = status.parts.sorted { $0.key < $1.key }.map(\.value.lastSuccess)
        return (times + parts).compactMap(\.self).map { clock.wallTime.since($0) / .seconds(1) }
    }
}
