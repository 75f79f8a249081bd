// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct ArchiveTests {
    /// What a first run over a world saves.
    private static func firstRun(_ world: ScriptedSource.World) async throws -> [Account: AccountSnapshot] {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let stage = Stage(clock, archive: archive)
            await stage.collector(stage.plan(world: world).plan).cycle()
            return archive.saved
        }
    }

    private static var world: ScriptedSource.World {
        var world = ScriptedSource.World.campaigns(3)
        world.mailboxes = MailboxGroup(mailboxes: [Mailbox(address: "me@example.com")])
        return world
    }

    @Test("A restart shows the data at once, is ready, and fetches only what changed")
    func warmStart() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let stage = Stage(clock, archive: MemorySnapshotStore(saved))
            var world = Self.world
            world.setSent(98, of: "c001", revision: "1")
            let (plan, source) = stage.plan(world: world)
            let fleet = CollectionManager(in: stage.environment)
            clock.shiftWallTime(by: .seconds(60))
            fleet.apply([plan])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.milliseconds(1))
                #expect(fleet.isReady)
                #expect(stage.campaigns.count == 3)
                #expect(stage.reports[0].mailboxes.count == 1)
                #expect(stage.events.messages == ["data of an earlier run restored"])
                #expect(try stage.record(plan).status.state == .up)
                try await stage.pass(.seconds(30))
                #expect(try source.value.calls == [.listing, .details(["c001"])])
                #expect(stage.campaigns[1].measures[.messagesSent] == 100)
            }
        }
    }

    @Test("Data that is too old is not shown, but no counter falls")
    func coldStart() async throws {
        let saved = try await Self.firstRun(Self.world)
        try await Simulation.run { clock in
            let stage = Stage(clock, archive: MemorySnapshotStore(saved))
            clock.shiftWallTime(by: .seconds(86_400))
            let (plan, _) = stage.plan(world: .campaigns(3, sent: 98))
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                try await stage.pass(.milliseconds(1))
                #expect(stage.reports.isEmpty)
                try await stage.pass(.seconds(30))
                #expect(stage.campaigns.map { $0.measures[.messagesSent] } == [100, 100, 100])
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

    @Test("Whatever is shown was saved before, so that a crash at any moment cannot let a counter fall")
    func savedBeforeShown() async throws {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore { try? await clock.wait(until: clock.now + .seconds(3)) }
            let stage = Stage(clock, archive: archive)
            let (plan, _) = stage.plan(world: .campaigns(200), rate: 2)
            let collector = stage.collector(plan)
            try await stage.with({ await collector.run() }) {
                for _ in 0..<120 {
                    try await stage.pass(.seconds(1))
                    let marks = archive.saved[plan.account]?.marks.campaigns ?? [:]
                    #expect(stage.campaigns.allSatisfy { marks[$0.id] != nil })
                }
                #expect(stage.campaigns.count == 200)
            }
        }
    }

    @Test("A report whose saving takes long replaces no later one, neither on the page nor in the archive")
    func order() async throws {
        try await Simulation.run { clock in
            let delays = Shared([Duration.seconds(40), .zero])
            let archive = MemorySnapshotStore {
                try? await clock.wait(until: clock.now + delays.withLock { $0.removeFirst() })
            }
            let stage = Stage(clock, archive: archive)
            let plan = stage.plan().plan
            let ledger = AccountState(plan, stage.environment)
            let status = AccountStatus(account: plan.account, interval: plan.settings.interval)
            let list: @Sendable (Double) -> Void = { sent in
                let row = ListedCampaign(.sent(sent, id: "c"))
                ledger.update { $0.book.list([row], at: clock.now, confirmsDetail: true) }
            }
            list(1)
            async let slow = ledger.publish(status)
            try await stage.pass(.seconds(1))
            list(2)
            await ledger.publish(status)
            #expect(stage.campaigns.map { $0.measures[.messagesSent] } == [2])
            _ = await slow
            #expect(stage.campaigns.map { $0.measures[.messagesSent] } == [2])
            #expect(archive.saved[plan.account]?.campaigns.map { $0.row.campaign.measures[.messagesSent] } == [2])
        }
    }

    @Test("An archive that fails is told of once and stops nothing")
    func failure() async throws {
        try await Simulation.run { clock in
            let archive = MemorySnapshotStore()
            let failure = SnapshotError(reason: "disk full", advice: "make room")
            archive.fail(failure)
            let stage = Stage(clock, archive: archive)
            let collector = stage.collector(stage.plan(world: .campaigns(3)).plan)
            for _ in 0..<3 { await collector.cycle() }
            #expect(stage.campaigns.count == 3)
            #expect(stage.events.kinds.filter { $0 == .archiveFailed(failure) }.count == 1)
            archive.fail(nil)
            await collector.cycle()
            archive.fail(failure)
            await collector.cycle()
            #expect(stage.events.kinds.filter { $0 == .archiveFailed(failure) }.count == 2)
        }
    }

    @Test("Data in another format is left alone")
    func foreignFormat() async throws {
        var saved = try await Self.firstRun(Self.world)
        for account in saved.keys { saved[account]?.format = 99 }
        try await Simulation.run { [saved] clock in
            let stage = Stage(clock, archive: MemorySnapshotStore(saved))
            let collector = stage.collector(stage.plan(world: .campaigns(1)).plan)
            try await stage.with({ await collector.run() }) { try await stage.pass(.seconds(30)) }
            #expect(stage.campaigns.count == 1)
            #expect(stage.events.messages == ["stored data is not usable", "account is up"])
        }
    }
}
