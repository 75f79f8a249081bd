// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct SnapshotStoreTests {
    /// What a first run over a world saves.
    private static func firstRun(_ world: ScriptedSource.World) async throws -> [Account: AccountSnapshot] {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let fixture = CollectionFixture(clock, archive: archive)
            await fixture.collector(fixture.plan(world: world).plan).cycle()
            return archive.saved
        }
    }

    private static var world: ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(3)
        world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
        world.labels = ["c000": ["b2b"]]
        world.plan = [PlanQuantity(.limit, of: "leads", 1_000)]
        return world
    }

    @Test("A restart shows the data at once, is ready, and fetches only what changed")
    func warmStart() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            var world = Self.world
            world.setSent(98, of: "c001", revision: "1")
            let (plan, source) = fixture.plan(world: world)
            let manager = CollectionManager(in: fixture.context)
            clock.shiftWallTime(by: .seconds(60))
            manager.apply([plan])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.milliseconds(1))
                #expect(manager.isReady)
                #expect(fixture.campaigns.count == 3)
                #expect(fixture.reports[0].mailboxes.count == 1)
                #expect(fixture.campaigns[0].labels == ["b2b"])
                #expect(fixture.reports[0].plan == [PlanQuantity(.limit, of: "leads", 1_000)])
                #expect(fixture.events.messages == ["data of an earlier run restored"])
                #expect(try fixture.record(plan).status.state == .up)
                try await fixture.sleep(.seconds(30))
                #expect(try source.value.calls == [.listing, .details(["c001"])])
                #expect(fixture.campaigns[1].measures[.messagesSent] == 100)
            }
        }
    }

    @Test("What a source has learned outlives a failed cycle and a restart")
    func facts() async throws {
        let saved = try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let fixture = CollectionFixture(clock, archive: archive)
            var world = Self.world
            world.fault = { call in if case .details = call { .timedOut } else { nil } }
            let (plan, source) = fixture.plan(world: world)
            let collector = fixture.collector(plan)
            try source.value.facts["page_size"] = "50"
            for _ in 0..<2 {
                await collector.cycle()
                #expect(try fixture.record(plan).status.state == .down)
                #expect(try source.value.facts["page_size"] == "50")
            }
            return archive.saved
        }
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            let (plan, source) = fixture.plan(world: Self.world)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.milliseconds(1))
                #expect(try source.value.facts["page_size"] == "50")
            }
        }
    }

    @Test("Data that was saved in what is now the future has an age of zero")
    func future() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            clock.shiftWallTime(by: .seconds(-10_800))
            let (plan, _) = fixture.plan(world: Self.world)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.milliseconds(1))
                let status = try fixture.record(plan).status
                #expect(try #require(status.lastSuccess) <= clock.wallTime)
                #expect(try #require(status.lastAttempt) <= clock.wallTime)
                #expect(fixture.campaigns.count == 3)
                #expect(fixture.events.kinds == [.restored(campaigns: 3, age: .zero)])
            }
        }
    }

    @Test("Data that is too old is not shown, but no counter falls")
    func coldStart() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            clock.shiftWallTime(by: .seconds(86_400))
            let (plan, _) = fixture.plan(world: .campaigns(3, sent: 98))
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                try await fixture.sleep(.milliseconds(1))
                #expect(fixture.reports.isEmpty)
                try await fixture.sleep(.seconds(30))
                #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == [100, 100, 100])
            }
        }
    }

    @Test("Saved data survives its journey through JSON")
    func json() async throws {
        var world = Self.world
        world.setSent(1, of: "c001", revision: "1")
        for saved in try await Self.firstRun(world).values {
            let text = try JSONEncoder().encode(saved)
            #expect(try JSONDecoder().decode(AccountSnapshot.self, from: text) == saved)
        }
    }

    @Test("The keys of the stored JSON are those of format 1")
    func keys() async throws {
        let saved = try #require(try await Self.firstRun(Self.world).values.first)
        let stored = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(saved)) as? [String: Any])
        #expect(
            stored.keys.sorted() == [
                "account", "campaigns", "domainChecks", "domainChecksFetched", "format", "identity", "labels",
                "labelsFetched", "lastAttempt", "lastSuccess", "listed", "mailboxes", "mailboxesFetched", "marks",
                "plan", "planFetched", "state",
            ]
        )
        let campaign = try #require((stored["campaigns"] as? [[String: Any]])?.first)
        #expect(campaign.keys.sorted() == ["confirmed", "detail", "fetched", "looked", "quietLooks", "row"])
        let counters = try #require((stored["marks"] as? [String: [String: [String: Any]]])?["campaigns"]?["c000"])
        #expect(counters.keys.sorted() == ["measures", "seen", "steps"])
        #expect((counters["measures"] as? [String: Any])?.keys.sorted() == ["shown", "told"])
    }

    @Test("Whatever is shown was saved before, so that a crash at any moment cannot let a counter fall")
    func savedBeforeShown() async throws {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore { try? await clock.wait(until: clock.now + .seconds(3)) }
            let fixture = CollectionFixture(clock, archive: archive)
            let (plan, _) = fixture.plan(world: .campaigns(200), rate: 2)
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                for _ in 0..<120 {
                    try await fixture.sleep(.seconds(1))
                    let saved = archive.saved[plan.account]?.counters.campaigns ?? [:]
                    #expect(fixture.campaigns.allSatisfy { saved[$0.id] != nil })
                }
                #expect(fixture.campaigns.count == 200)
            }
        }
    }

    @Test("A report whose save is slow replaces no later one, neither published nor saved")
    func order() async throws {
        try await Simulation.run { clock in
            let delays = Shared([Duration.seconds(40), .zero])
            let archive = MemorySnapshotStore {
                try? await clock.wait(until: clock.now + delays.withLock { $0.removeFirst() })
            }
            let fixture = CollectionFixture(clock, archive: archive)
            let plan = fixture.plan().plan
            let state = AccountState(plan, fixture.context)
            let status = AccountStatus(account: plan.account, interval: plan.settings.interval)
            let list: @Sendable (Double) -> Void = { sent in
                let row = ListedCampaign(.sent(sent, id: "c"))
                state.update { $0.tracker.list([row], at: clock.now, confirmsDetail: true) }
            }
            list(1)
            async let slow = state.publish(status)
            try await fixture.sleep(.seconds(1))
            list(2)
            await state.publish(status)
            #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == [2])
            _ = await slow
            #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == [2])
            #expect(archive.saved[plan.account]?.campaigns.map { $0.row.campaign.measures[.messagesSent] } == [2])
        }
    }

    @Test("A store that fails is reported once and stops nothing")
    func failure() async throws {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let failure = SnapshotError(reason: "disk full", advice: "make room")
            archive.fail(failure)
            let fixture = CollectionFixture(clock, archive: archive)
            let collector = fixture.collector(fixture.plan(world: .campaigns(3)).plan)
            for _ in 0..<3 { await collector.cycle() }
            #expect(fixture.campaigns.count == 3)
            #expect(fixture.events.kinds.filter { $0 == .archiveFailed(failure) }.count == 1)
            archive.fail(nil)
            await collector.cycle()
            archive.fail(failure)
            await collector.cycle()
            #expect(fixture.events.kinds.filter { $0 == .archiveFailed(failure) }.count == 2)
        }
    }

    @Test("Data in another format is left alone")
    func foreignFormat() async throws {
        var saved = try await Self.firstRun(Self.world)
        for account in saved.keys { saved[account]?.format = 99 }
        try await Simulation.run { [saved] clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            let collector = fixture.collector(fixture.plan(world: .campaigns(1)).plan)
            try await fixture.running({ await collector.run() }) { try await fixture.sleep(.seconds(30)) }
            #expect(fixture.campaigns.count == 1)
            #expect(fixture.events.messages == ["stored data is not usable", "account is up"])
        }
    }

    @Test("After a restart the age of restored mailboxes is known before they are requested again")
    func partAges() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock, archive: MemorySnapshotStore(saved))
            let plan = fixture.plan(world: Self.world).plan
            let manager = CollectionManager(in: fixture.context)
            let fetched = clock.wallTime
            clock.shiftWallTime(by: .seconds(60))
            manager.apply([plan])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.milliseconds(1))
                let parts = try fixture.record(plan).status.parts
                #expect(Set(parts.keys) == [.labels, .mailboxes, .domainChecks, .planLimits])
                let times = parts.values.compactMap(\.lastSuccess)
                #expect(times.allSatisfy { abs($0.since(fetched) / .seconds(1)) < 5 } && times.count == 4)
            }
        }
    }
}
