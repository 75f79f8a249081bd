// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct FaultEffectsTests {
    private let client = SimulatorClient()

    private func set(_ faults: Fault...) {
        client.simulator.setFaults(faults.map { FaultRule($0) })
    }

    private var numbers: [CampaignStatistics] {
        let snapshot = client.simulator.snapshot(of: .instantly, for: "a")
        return snapshot.campaigns.map { snapshot.statistics(of: $0) }
    }

    private func total() -> Counts {
        numbers.reduce(Counts()) { $0 + $1.total }
    }

    /// Lets simulated days pass.
    private func pass(days: Double) {
        client.clock.advance(days * .day / 600)
    }

    @Test("Counters fall a little, each of three or more, never by half, and go on growing")
    func fall() {
        let before = numbers
        set(.countersFall)
        for (old, new) in zip(before, numbers) {
            for (old, new) in zip([old.total] + old.variants, [new.total] + new.variants) {
                for count in Count.allCases {
                    #expect(old[count] < 3 ? new[count] == old[count] : new[count] < old[count])
                    #expect(new[count] * 2 > old[count] || old[count] == 0)
                }
            }
        }
        let fallen = total()
        pass(days: 3)
        #expect(total()[.sent] > fallen[.sent])
        set()
        #expect(zip(before, numbers).allSatisfy { $0.total[.sent] <= $1.total[.sent] })
    }

    @Test("A reset counts from zero again, for good")
    func reset() {
        let before = total()
        set(.countersReset)
        #expect(total().isEmpty)
        pass(days: 3)
        let since = total()
        #expect(since[.sent] > 0 && since[.sent] < before[.sent])
        set()
        #expect(total() == since)
        let mailboxes = client.simulator.snapshot(of: .instantly, for: "a").mailboxStatistics()
        #expect(mailboxes.reduce(0) { $0 + $1.sent } == since[.sent])
    }

    @Test("A bounce storm grows from its beginning, ends, and makes nothing fall")
    func storm() {
        let start = total()
        set(.bounceStorm)
        #expect(total() == start)
        var before = start
        for _ in 0..<5 {
            pass(days: 1)
            let now = total()
            #expect(Count.allCases.allSatisfy { now[$0] >= before[$0] })
            #expect(now[.delivered] + now[.bounced] == now[.sent])
            before = now
        }
        let share = Double(before[.bounced] - start[.bounced]) / Double(before[.sent] - start[.sent])
        #expect((0.3...0.5).contains(share))
        set()
        let end = total()
        #expect(end == before)
        pass(days: 5)
        let outsideStorms = Double(total()[.bounced] - end[.bounced]) / Double(total()[.sent] - end[.sent])
        #expect(outsideStorms < 0.05)
    }

    @Test("In a reply drought nobody replies, everything else goes on, and afterwards people reply again")
    func drought() {
        set(.replyDrought)
        let start = total()
        pass(days: 7)
        let end = total()
        #expect(end[.replied] == start[.replied])
        #expect(end[.opened] > start[.opened] && end[.automaticReplies] > start[.automaticReplies])
        #expect(Count.allCases.allSatisfy { end[$0] >= start[$0] })
        set()
        #expect(total() == end)
        pass(days: 7)
        #expect(total()[.replied] > end[.replied])
    }

    @Test(
        "Every fourth campaign vanishes from all routes and comes back with its numbers",
        arguments: SimulatedProvider.allCases
    )
    func vanishing(provider: SimulatedProvider) throws {
        let snapshot = client.simulator.snapshot(of: provider, for: client.key)
        let gone = snapshot.campaigns[1]
        let numbers = snapshot.statistics(of: gone)
        let sent = snapshot.mailboxStatistics().map(\.sent)
        set(.campaignVanishes)
        let now = client.simulator.snapshot(of: provider, for: client.key)
        #expect(now.campaigns.count == 9 && now.campaign(gone.id) == nil)
        #expect(now.mailboxStatistics().map(\.sent) == sent)
        let listing = try client.call(provider, provider.api.listing)
        #expect(!listing.text.contains(gone.id))
        set()
        let back = client.simulator.snapshot(of: provider, for: client.key)
        #expect(back.statistics(of: gone) == numbers)
    }

    @Test("Storms and droughts also hold for campaigns that take turns")
    func turns() {
        let client = SimulatorClient { $0.activeShare = 0.5 }
        let total = {
            let snapshot = client.simulator.snapshot(of: .instantly, for: "a")
            return snapshot.campaigns.reduce(Counts()) { $0 + snapshot.statistics(of: $1).total }
        }
        let start = total()
        client.simulator.setFaults([FaultRule(.bounceStorm), FaultRule(.replyDrought)])
        client.clock.advance(5 * .day / 600)
        #expect(total()[.replied] == start[.replied])
        let share = Double(total()[.bounced] - start[.bounced]) / Double(total()[.sent] - start[.sent])
        #expect((0.3...0.5).contains(share))
    }
}
