// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct WorldTests {
    /// Numbers of which the second never exceeds the first.
    private static let orders: [(Count, Count)] = [
        (.sent, .delivered), (.sent, .bounced), (.delivered, .opened), (.opened, .clicked), (.opened, .replied),
        (.delivered, .repliedAutomatically), (.opens, .opened), (.clicks, .clicked), (.replies, .replied),
        (.automaticReplies, .repliedAutomatically), (.replied, .interested), (.opportunities, .interested),
        (.interested, .meetingsBooked), (.meetingsBooked, .meetingsCompleted), (.meetingsCompleted, .won),
        (.invited, .accepted), (.delivered, .unsubscribed),
    ]

    private static let leadOrders: [(Count, Count)] = [
        (.sent, .contacted), (.contacted, .leadsReached), (.leadsReached, .leadsOpened), (.leadsOpened, .leadsClicked),
        (.leadsOpened, .leadsReplied), (.leadsReplied, .interested), (.opened, .leadsOpened),
        (.clicked, .leadsClicked), (.replied, .leadsReplied), (.contacted, .leadsCompleted),
        (.repliedAutomatically, .leadsRepliedAutomatically),
    ]

    @Test(
        "The same seed, key and time show the same world; another seed or key another",
        arguments: SimulatedProvider.allCases
    )
    func determinism(provider: SimulatedProvider) {
        let snapshots = [1, 1, 2].map { seed in
            SimulatorClient { $0.seed = seed }.simulator.snapshot(of: provider, for: "a")
        }
        let worlds = snapshots.map { snapshot in snapshot.campaigns.map { snapshot.statistics(of: $0) } }
        #expect(worlds[0] == worlds[1])
        #expect(worlds[0] != worlds[2])
        #expect(snapshots[0].campaigns.map(\.id) == snapshots[1].campaigns.map(\.id))
        let other = SimulatorClient().simulator.snapshot(of: provider, for: "b")
        #expect(Set(other.campaigns.map(\.id)).isDisjoint(with: snapshots[0].campaigns.map(\.id)))
        #expect(Set(other.mailboxes.map(\.address)).isDisjoint(with: snapshots[0].mailboxes.map(\.address)))
    }

    @Test("No counter of a campaign, a step or a mailbox ever falls", arguments: SimulatedProvider.allCases)
    func monotony(provider: SimulatedProvider) {
        let client = SimulatorClient { $0.campaigns = 24 }
        var before: [[Counts]] = []
        var sent: [Int] = []
        for _ in 0..<80 {
            client.clock.advance(13.7)
            let snapshot = client.simulator.snapshot(of: provider, for: "a")
            let now = snapshot.campaigns.map { snapshot.statistics(of: $0) }.map { [$0.total] + $0.variants }
            for (old, new) in zip(before.joined(), now.joined()) {
                #expect(Count.allCases.allSatisfy { new[$0] >= old[$0] })
            }
            let sentNow = snapshot.mailboxStatistics().map(\.sent)
            #expect(zip(sent, sentNow).allSatisfy { $0 <= $1 })
            (before, sent) = (now, sentNow)
        }
    }

    @Test(
        "All sums and orders hold at every moment, for one lead as for thousands",
        arguments: SimulatedProvider.allCases
    )
    func sums(provider: SimulatedProvider) {
        let client = SimulatorClient { $0.campaigns = 24 }
        let world = World(of: "a", on: provider, SimulatorSettings(), epoch: client.clock.instant)
        for plan in world.campaigns {
            for hours in stride(from: 0.0, to: 900, by: 13) {
                let campaignProgress = CampaignProgress(of: plan, until: plan.started + hours * .hour, FaultEffects())
                check(campaignProgress.statistics())
            }
        }
    }

    private func check(_ numbers: CampaignStatistics) {
        for variant in numbers.variants {
            #expect(variant[.delivered] + variant[.bounced] == variant[.sent])
            for (more, less) in WorldTests.orders { #expect(variant[more] >= variant[less], "\(more) \(less)") }
        }
        for (more, less) in WorldTests.leadOrders {
            #expect(numbers.total[more] >= numbers.total[less], "\(more) \(less)")
        }
        #expect(numbers.leads >= numbers.total[.contacted])
        for count in [Count.sent, .delivered, .bounced, .opened, .opens, .clicked, .replied, .unsubscribed] {
            #expect(numbers.variants.reduce(0) { $0 + $1[count] } == numbers.total[count])
        }
    }

    @Test("The demo is full at once and looks like life", arguments: SimulatedProvider.allCases)
    func plausibility(provider: SimulatedProvider) {
        let snapshot = SimulatorClient().simulator.snapshot(of: provider, for: "a")
        let total = snapshot.campaigns.reduce(Counts()) { $0 + snapshot.statistics(of: $1).total }
        let rate = { (part: Count, whole: Count) in Double(total[part]) / Double(total[whole]) }
        #expect(total[.sent] > 10_000)
        #expect((0.25...0.7).contains(rate(.opened, .delivered)))
        #expect((0.005...0.06).contains(rate(.replied, .delivered)))
        #expect((0.003...0.04).contains(rate(.bounced, .sent)))
        #expect(0 < total[.won] && total[.won] < total[.meetingsBooked] && total[.meetingsBooked] < total[.replied] / 4)
        #expect(
            snapshot.campaigns.contains {
                snapshot.state(of: $0) == .draft && snapshot.statistics(of: $0).total.isEmpty
            }
        )
        #expect(Set(snapshot.campaigns.map(snapshot.state)).count >= 5)
    }

    @Test(
        "Campaigns are launched, paused and completed while the world goes on; most go on",
        arguments: SimulatedProvider.allCases
    )
    func life(provider: SimulatedProvider) {
        let client = SimulatorClient {
            $0.campaigns = 24
            $0.speed = .day
        }
        var lives: [Int: [CampaignState]] = [:]
        for _ in 0..<40 {
            let snapshot = client.simulator.snapshot(of: provider, for: "a")
            for campaign in snapshot.campaigns {
                let state = snapshot.state(of: campaign)
                if lives[campaign.index]?.last != state { lives[campaign.index, default: []].append(state) }
                if state == .draft { #expect(snapshot.statistics(of: campaign).total.isEmpty) }
            }
            client.clock.advance(1)
        }
        for index in [7, 19] { #expect(lives[index] == [.draft, .active]) }
        for index in [4, 16] { #expect(lives[index] == [.active, .completed]) }
        for index in [8, 20] { #expect(lives[index] == [.active, .paused]) }
        #expect(lives.values.count { $0.count == 1 } == 18)
    }

    @Test("Nothing is sent at the weekend, and on Monday it goes on")
    func rhythm() {
        let client = SimulatorClient { $0.speed = 1 }
        let sent = {
            client.simulator.snapshot(of: .instantly, for: "a").mailboxStatistics().reduce(0) { $0 + $1.sent }
        }
        client.clock.advance(2.7 * .day)
        let saturday = sent()
        client.clock.advance(1.5 * .day)
        #expect(sent() == saturday)
        client.clock.advance(.day)
        #expect(sent() > saturday)
    }

    @Test("Only the chosen share of the campaigns moves at a time, and in the end each has moved")
    func turns() {
        let client = SimulatorClient {
            $0.campaigns = 100
            $0.activeShare = 0.02
            $0.activePeriod = .day
            $0.speed = .day
        }
        let numbers = {
            let snapshot = client.simulator.snapshot(of: .sendkit, for: "a")
            return snapshot.campaigns.map { snapshot.statistics(of: $0) }
        }
        var moved: Set<Int> = []
        var before = numbers()
        for _ in 0..<50 {
            client.clock.advance(1)
            let now = numbers()
            let changed = now.indices.filter { now[$0] != before[$0] }
            #expect(changed.count <= 2)
            moved.formUnion(changed)
            before = now
        }
        #expect(moved.count > 50)
    }

    @Test(
        "In a day of whoever watches the mailboxes send a share of their limits, and leads last for days, at any pace",
        arguments: SimulatedProvider.allCases,
        [1, 600]
    )
    func capacity(provider: SimulatedProvider, pace: Int) {
        let client = SimulatorClient {
            ($0.speed, $0.daysPerDay, $0.mailboxes) = (Double(pace), pace, StagedTroubles.healthyMailboxes)
        }
        client.clock.advance(.day)
        let before = client.simulator.snapshot(of: provider, for: "a")
        client.clock.advance(7 * .day)
        let snapshot = client.simulator.snapshot(of: provider, for: "a")
        let limit = snapshot.mailboxes.map(\.dailyLimit).reduce(0, +)
        let used = Double(snapshot.messagesSent - before.messagesSent) / 7 / Double(limit)
        #expect(0.02 < used && used < 0.95, "\(used)")
        for campaign in snapshot.campaigns
        where [before, snapshot].allSatisfy({ $0.state(of: campaign) == .active }) {
            let (now, then) = (snapshot.statistics(of: campaign), before.statistics(of: campaign))
            let daily = Double(now.total[.contacted] - then.total[.contacted]) / 7
            let days = Double(now.leads - now.total[.contacted]) / daily
            #expect(daily == 0 || 3 < days && days < 300, "\(campaign.name): \(days)")
        }
    }

    @Test("Plans cost memory, not numbers: thousands of campaigns answer at any distance in time")
    func fleet() {
        let client = SimulatorClient { $0.campaigns = 3000 }
        client.clock.advance(30 * .day)
        let snapshot = client.simulator.snapshot(of: .lemlist, for: "fleet")
        #expect(Set(snapshot.campaigns.map(\.id)).count == 3000)
        #expect(Set(snapshot.campaigns.map(\.name)).count == 3000)
        #expect(snapshot.statistics(of: snapshot.campaigns[2999]).total[.sent] > 0)
    }
}
