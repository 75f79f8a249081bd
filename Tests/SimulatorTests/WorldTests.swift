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

    @Test("The same seed, key and time show the same world; another seed or key another", arguments: Platform.allCases)
    func determinism(platform: Platform) {
        let scenes = [1, 1, 2].map { seed in Caller { $0.seed = seed }.simulator.scene(of: platform, for: "a") }
        let worlds = scenes.map { scene in scene.campaigns.map { scene.numbers(of: $0) } }
        #expect(worlds[0] == worlds[1])
        #expect(worlds[0] != worlds[2])
        #expect(scenes[0].campaigns.map(\.id) == scenes[1].campaigns.map(\.id))
        let other = Caller().simulator.scene(of: platform, for: "b")
        #expect(Set(other.campaigns.map(\.id)).isDisjoint(with: scenes[0].campaigns.map(\.id)))
        #expect(Set(other.mailboxes.map(\.address)).isDisjoint(with: scenes[0].mailboxes.map(\.address)))
    }

    @Test("No counter of a campaign, a step or a mailbox ever falls", arguments: Platform.allCases)
    func monotony(platform: Platform) {
        let caller = Caller { $0.campaigns = 24 }
        var before: [[Counts]] = []
        var sent: [Int] = []
        for _ in 0..<80 {
            caller.clock.advance(13.7)
            let scene = caller.simulator.scene(of: platform, for: "a")
            let now = scene.campaigns.map { scene.numbers(of: $0) }.map { [$0.total] + $0.cells }
            for (old, new) in zip(before.joined(), now.joined()) {
                #expect(Count.allCases.allSatisfy { new[$0] >= old[$0] })
            }
            let sentNow = scene.mailboxNumbers().map(\.sent)
            #expect(zip(sent, sentNow).allSatisfy { $0 <= $1 })
            (before, sent) = (now, sentNow)
        }
    }

    @Test("All sums and orders hold at every moment, for one lead as for thousands", arguments: Platform.allCases)
    func sums(platform: Platform) {
        let caller = Caller { $0.campaigns = 24 }
        let world = World(of: "a", on: platform, SimulatorSettings(), epoch: caller.clock.moment)
        for plan in world.campaigns {
            for hours in stride(from: 0.0, to: 900, by: 13) {
                let course = CampaignProgress(of: plan, until: plan.started + hours * .hour, Disturbances())
                check(course.numbers())
            }
        }
    }

    private func check(_ numbers: CampaignNumbers) {
        for cell in numbers.cells {
            #expect(cell[.delivered] + cell[.bounced] == cell[.sent])
            for (more, less) in WorldTests.orders { #expect(cell[more] >= cell[less], "\(more) \(less)") }
        }
        for (more, less) in WorldTests.leadOrders {
            #expect(numbers.total[more] >= numbers.total[less], "\(more) \(less)")
        }
        #expect(numbers.leads >= numbers.total[.contacted])
        for count in [Count.sent, .delivered, .bounced, .opened, .opens, .clicked, .replied, .unsubscribed] {
            #expect(numbers.cells.reduce(0) { $0 + $1[count] } == numbers.total[count])
        }
    }

    @Test("The demo is full at once and looks like life", arguments: Platform.allCases)
    func plausibility(platform: Platform) {
        let scene = Caller().simulator.scene(of: platform, for: "a")
        let total = scene.campaigns.reduce(Counts()) { $0 + scene.numbers(of: $1).total }
        let rate = { (part: Count, whole: Count) in Double(total[part]) / Double(total[whole]) }
        #expect(total[.sent] > 10_000)
        #expect((0.25...0.7).contains(rate(.opened, .delivered)))
        #expect((0.005...0.06).contains(rate(.replied, .delivered)))
        #expect((0.003...0.04).contains(rate(.bounced, .sent)))
        #expect(0 < total[.won] && total[.won] < total[.meetingsBooked] && total[.meetingsBooked] < total[.replied] / 4)
        #expect(scene.campaigns.contains { scene.state(of: $0) == .draft && scene.numbers(of: $0).total.isEmpty })
        #expect(Set(scene.campaigns.map(scene.state)).count >= 5)
    }

    @Test(
        "Campaigns are launched, paused and completed while the world goes on; most go on",
        arguments: Platform.allCases
    )
    func life(platform: Platform) {
        let caller = Caller {
            $0.campaigns = 24
            $0.speed = .day
        }
        var lives: [Int: [CampaignState]] = [:]
        for _ in 0..<40 {
            let scene = caller.simulator.scene(of: platform, for: "a")
            for campaign in scene.campaigns {
                let state = scene.state(of: campaign)
                if lives[campaign.index]?.last != state { lives[campaign.index, default: []].append(state) }
                if state == .draft { #expect(scene.numbers(of: campaign).total.isEmpty) }
            }
            caller.clock.advance(1)
        }
        for index in [7, 19] { #expect(lives[index] == [.draft, .active]) }
        for index in [4, 16] { #expect(lives[index] == [.active, .completed]) }
        for index in [8, 20] { #expect(lives[index] == [.active, .paused]) }
        #expect(lives.values.count { $0.count == 1 } == 18)
    }

    @Test("Nothing is sent at the weekend, and on Monday it goes on")
    func rhythm() {
        let caller = Caller { $0.speed = 1 }
        let sent = { caller.simulator.scene(of: .instantly, for: "a").mailboxNumbers().reduce(0) { $0 + $1.sent } }
        caller.clock.advance(2.7 * .day)
        let saturday = sent()
        caller.clock.advance(1.5 * .day)
        #expect(sent() == saturday)
        caller.clock.advance(.day)
        #expect(sent() > saturday)
    }

    @Test("Only the chosen share of the campaigns moves at a time, and in the end each has moved")
    func turns() {
        let caller = Caller {
            $0.campaigns = 100
            $0.movingShare = 0.02
            $0.turn = .day
            $0.speed = .day
        }
        let numbers = {
            let scene = caller.simulator.scene(of: .sendkit, for: "a")
            return scene.campaigns.map { scene.numbers(of: $0) }
        }
        var moved: Set<Int> = []
        var before = numbers()
        for _ in 0..<50 {
            caller.clock.advance(1)
            let now = numbers()
            let changed = now.indices.filter { now[$0] != before[$0] }
            #expect(changed.count <= 2)
            moved.formUnion(changed)
            before = now
        }
        #expect(moved.count > 50)
    }

    @Test("Plans cost memory, not numbers: thousands of campaigns answer at any distance in time")
    func fleet() {
        let caller = Caller { $0.campaigns = 3000 }
        caller.clock.advance(30 * .day)
        let scene = caller.simulator.scene(of: .lemlist, for: "fleet")
        #expect(Set(scene.campaigns.map(\.id)).count == 3000)
        #expect(Set(scene.campaigns.map(\.name)).count == 3000)
        #expect(scene.numbers(of: scene.campaigns[2999]).total[.sent] > 0)
    }
}
