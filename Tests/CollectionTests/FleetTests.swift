// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct FleetTests {
    @Test("A new configuration leaves unchanged accounts alone, starts new ones and forgets missing ones")
    func apply() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (kept, keptSource) = stage.plan("kept", world: .campaigns(2))
            let (missing, missingSource) = stage.plan("missing", world: .campaigns(2))
            let (new, newSource) = stage.plan("new", world: .campaigns(2))
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply([kept, missing])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(100))
                let before = try (calls: keptSource.value.calls.count, record: stage.record(kept))
                fleet.apply([kept, new])
                #expect(stage.reports.map(\.account.name) == ["kept"])
                #expect(stage.environment.records.statuses.map(\.account.name) == ["kept", "new"])
                try await stage.pass(.seconds(100))
                #expect(try keptSource.value.calls.count == before.calls)
                #expect(try stage.record(kept) == before.record)
                #expect(try newSource.value.calls.count == 4 + 1)
                let calls = try missingSource.value.calls.count
                try await stage.pass(.seconds(3600))
                #expect(try missingSource.value.calls.count == calls)
                #expect(stage.reports.map(\.account.name) == ["kept", "new"])
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    @Test("A changed account goes on from its data without a gap, and fetches everything anew")
    func replace() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (old, oldSource) = stage.plan(world: .campaigns(2, sent: 100))
            var (changed, newSource) = stage.plan(world: .campaigns(2, sent: 98))
            changed.settings.interval = .seconds(60)
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply([old])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(100))
                let calls = try oldSource.value.calls.count
                let success = try stage.record(old).status.lastSuccess
                fleet.apply([changed])
                #expect(stage.campaigns.count == 2)
                #expect(try stage.record(changed).status.lastSuccess == success)
                try await stage.pass(.seconds(10))
                #expect(try oldSource.value.calls.count == calls)
                #expect(try newSource.value.calls.count == 4 + 1)
                #expect(stage.campaigns.map { $0.measures[.opens] } == [50, 50])
                #expect(try stage.record(changed).status.interval == .seconds(60))
                #expect(try stage.record(changed).counters.held == 4)
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
            let stage = Stage(clock, archive: archive)
            let plan = stage.plan(world: .campaigns(2)).plan
            var changed = plan
            changed.settings.steps = false
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply([plan])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(20))
                isSlow.withLock { $0 = false }
                fleet.apply([changed])
                try await stage.pass(.seconds(20))
                held.withLock { $0 }.forEach { $0.resume() }
                try await stage.pass(.seconds(20))
                #expect(held.withLock { $0.count } == 1)
                #expect(archive.saved[plan.account]?.identity == changed.settings.identity)
                #expect(stage.campaigns.count == 2)
            }
        }
    }

    @Test("Ready when every account's first attempt has ended, well or not; from then on for good")
    func ready() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let (good, _) = stage.plan("good", world: .campaigns(2))
            var world = ScriptedSource.World.campaigns(2)
            world.latency = .seconds(40)
            world.fault = { _ in .refused(status: 401, advice: "x") }
            let (bad, _) = stage.plan("bad", world: world)
            let fleet = CollectionManager(in: stage.environment)
            #expect(!fleet.isReady)
            fleet.apply([good, bad])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(30))
                #expect(!fleet.isReady)
                try await stage.pass(.seconds(30))
                #expect(fleet.isReady)
                fleet.apply([good, bad, stage.plan("new").plan])
                #expect(fleet.isReady)
            }
        }
    }

    @Test("Accounts with the same key share one limiter, at the lowest of their rates")
    func sharedLimiter() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            var (first, firstSource) = stage.plan("first", world: .campaigns(200), rate: 8)
            var (second, secondSource) = stage.plan("second", world: .campaigns(200), rate: 4)
            first.settings.key = Secret("key")
            second.settings.key = Secret("key")
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply([first, second])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(60))
                let calls = try (firstSource.value.calls.count, secondSource.value.calls.count)
                #expect((200...250).contains(calls.0 + calls.1))
                #expect(abs(calls.0 - calls.1) < 50)
            }
        }
    }
}

@Suite struct ShardTests {
    @Test("Every account is in exactly one share, and the shares are about equal")
    func partition() throws {
        let names = (0..<3000).map { "account-\($0)" }
        let shards = (1...3).compactMap { Shard($0, of: 3) }
        for name in names { #expect(shards.filter { $0.contains(name) }.count == 1) }
        for shard in shards { #expect((900...1100).contains(names.filter(shard.contains).count)) }
    }

    @Test("One more exporter moves only the accounts that it takes over")
    func growth() throws {
        let three = (1...3).compactMap { Shard($0, of: 3) }
        let four = (1...4).compactMap { Shard($0, of: 4) }
        for name in (0..<1000).map({ "account-\($0)" }) {
            let before = three.firstIndex { $0.contains(name) }
            let after = four.firstIndex { $0.contains(name) }
            #expect(after == before || after == 3)
        }
    }

    @Test("The shares are the same in every version")
    func stable() {
        let shard = ["acme", "globex", "initech", "umbrella", "hooli"].map { name in
            (1...4).first { Shard($0, of: 4)?.contains(name) == true }
        }
        #expect(shard == [4, 1, 4, 1, 3])
    }

    @Test(
        "Reads N/M with N from 1 to M",
        arguments: [
            ("1/1", true), ("2/3", true), ("0/3", false), ("4/3", false), ("1", false), ("a/b", false),
            ("1/2/3", false),
            ("", false), ("-1/2", false),
        ]
    )
    func text(text: String, isValid: Bool) {
        #expect((Shard(text) != nil) == isValid)
    }
}
