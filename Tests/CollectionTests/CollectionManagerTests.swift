// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct CollectionManagerTests {
    @Test("A new configuration leaves unchanged accounts alone, starts new ones and forgets missing ones")
    func apply() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (kept, keptSource) = fixture.plan("kept", world: .campaigns(2))
            let (missing, missingSource) = fixture.plan("missing", world: .campaigns(2))
            let (new, newSource) = fixture.plan("new", world: .campaigns(2))
            let manager = CollectionManager(in: fixture.context)
            manager.apply([kept, missing])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(100))
                let before = try (calls: keptSource.value.calls.count, record: fixture.record(kept))
                manager.apply([kept, new])
                #expect(fixture.reports.map(\.account.name) == ["kept"])
                #expect(fixture.context.records.statuses.map(\.account.name) == ["kept", "new"])
                try await fixture.sleep(.seconds(100))
                #expect(try keptSource.value.calls.count == before.calls)
                #expect(try fixture.record(kept) == before.record)
                #expect(try newSource.value.calls.count == 4 + 1)
                let calls = try missingSource.value.calls.count
                try await fixture.sleep(.seconds(3600))
                #expect(try missingSource.value.calls.count == calls)
                #expect(fixture.reports.map(\.account.name) == ["kept", "new"])
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("A changed account goes on from its data without a gap, and fetches everything anew")
    func replace() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (old, oldSource) = fixture.plan(world: .campaigns(2, sent: 100))
            var (changed, newSource) = fixture.plan(world: .campaigns(2, sent: 98))
            changed.settings.interval = .seconds(60)
            let manager = CollectionManager(in: fixture.context)
            manager.apply([old])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(100))
                let calls = try oldSource.value.calls.count
                let success = try fixture.record(old).status.lastSuccess
                manager.apply([changed])
                #expect(fixture.campaigns.count == 2)
                #expect(try fixture.record(changed).status.lastSuccess == success)
                try await fixture.sleep(.seconds(10))
                #expect(try oldSource.value.calls.count == calls)
                #expect(try newSource.value.calls.count == 4 + 1)
                #expect(fixture.campaigns.map { $0.measures[.opens] } == [50, 50])
                #expect(try fixture.record(changed).status.interval == .seconds(60))
                #expect(try fixture.record(changed).counters.held == 4)
            }
        }
    }

    @Test("A write that outlasts its account's replacement does not overwrite what the successor saved")
    func lateWrite() async throws {
        try await Simulation.run { clock in
            let held = Shared<[CheckedContinuation<Void, Never>]>([])
            let isSlow = Shared(true)
            let archive = MemorySnapshotStore {
                guard isSlow.withLock({ $0 }) else { return }
                await withCheckedContinuation { write in held.withLock { $0.append(write) } }
            }
            let fixture = CollectionFixture(clock, archive: archive)
            let plan = fixture.plan(world: .campaigns(2)).plan
            var changed = plan
            changed.settings.steps = false
            let manager = CollectionManager(in: fixture.context)
            manager.apply([plan])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(20))
                isSlow.withLock { $0 = false }
                manager.apply([changed])
                try await fixture.sleep(.seconds(20))
                held.withLock { $0 }.forEach { $0.resume() }
                try await fixture.sleep(.seconds(20))
                #expect(held.withLock { $0.count } == 1)
                #expect(archive.saved[plan.account]?.identity == changed.settings.identity)
                #expect(fixture.campaigns.count == 2)
            }
        }
    }

    @Test(
        "Ready when every account's first attempt has ended, well or not, or has lasted 30 seconds; from then on for good"
    )
    func ready() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let (good, _) = fixture.plan("good", world: .campaigns(2))
            var world = ScriptedSource.World.campaigns(2)
            world.latency = .seconds(40)
            world.fault = { _ in .refused(status: 401, advice: "x") }
            let (bad, _) = fixture.plan("bad", world: world)
            let manager = CollectionManager(in: fixture.context)
            #expect(!manager.isReady)
            manager.apply([good, bad])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(29))
                #expect(!manager.isReady)
                try await fixture.sleep(.seconds(1))
                #expect(manager.isReady)
                manager.apply([good, bad, fixture.plan("new").plan])
                #expect(manager.isReady)
            }
        }
    }

    @Test("Accounts with the same key share one limiter, at the lowest of their rates")
    func sharedLimiter() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            var (first, firstSource) = fixture.plan("first", world: .campaigns(200), rate: 8)
            var (second, secondSource) = fixture.plan("second", world: .campaigns(200), rate: 4)
            first.settings.key = Secret("key")
            second.settings.key = Secret("key")
            let manager = CollectionManager(in: fixture.context)
            manager.apply([first, second])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(60))
                let calls = try (firstSource.value.calls.count, secondSource.value.calls.count)
                #expect((200...250).contains(calls.0 + calls.1))
                #expect(abs(calls.0 - calls.1) < 50)
            }
        }
    }
}
