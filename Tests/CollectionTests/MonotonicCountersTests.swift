// SPDX-License-Identifier: Apache-2.0

import Exposition
import Foundation
import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct MonotonicCountersTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    @Test(
        "Small decreases are held, large ones are published, increases always",
        arguments: [
            // reported, published, held, reset
            ([5000, 4990, 5010], [5000, 5000, 5010], 1, 0),
            ([5000, 4990, 4980, 4995], [5000, 5000, 5000, 5000], 1, 0),
            ([5000, 4990, 5000, 4990], [5000, 5000, 5000, 5000], 2, 0),
            ([100, 50], [100, 100], 1, 0),
            ([100, 49, 60], [100, 49, 60], 0, 1),
            ([100, 0, 5], [100, 0, 5], 0, 1),
            ([100, 90, 10, 9], [100, 100, 10, 10], 2, 1),
            ([1, 0, 1], [1, 0, 1], 0, 1),
            ([0, 0, 3], [0, 0, 3], 0, 0),
        ] as [([Double], [Double], Int, Int)]
    )
    func decreases(reported: [Double], published: [Double], held: Int, reset: Int) {
        var counters = MonotonicCounters()
        var corrections = MonotonicCounters.Corrections()
        let values = reported.map { value in
            let (campaign, new) = counters.shown(.sent(value, id: "c"), at: now)
            corrections.held += new.held
            corrections.reset += new.reset
            return campaign.measures[.messagesSent]
        }
        #expect(values == published)
        #expect(corrections == MonotonicCounters.Corrections(held: held, reset: reset))
    }

    @Test("Every counter of campaigns, steps and mailboxes is guarded, gauges are not")
    func everyCounter() {
        var counters = MonotonicCounters()
        _ = counters.shown(.full(100), at: now)
        let (campaign, corrections) = counters.shown(.full(99), at: now)
        for measure in CampaignMeasure.allCases {
            #expect(campaign.measures[measure] == (measure.family.name.hasSuffix("_total") ? 100 : 99))
        }
        for measure in StepMeasure.allCases { #expect(campaign.steps[0].measures[measure] == 100) }
        let guarded = CampaignMeasure.allCases.filter { $0.family.name.hasSuffix("_total") }.count
        #expect(corrections.held == guarded + StepMeasure.allCases.count)

        var mailboxes = [Mailbox(address: "me@example.com")]
        var campaigns: [Campaign] = []
        mailboxes[0].measures[.messagesSent] = 100
        mailboxes[0].measures[.dailyLimit] = 100
        _ = counters.hold(&campaigns, &mailboxes, at: now)
        mailboxes[0].measures[.messagesSent] = 99
        mailboxes[0].measures[.dailyLimit] = 99
        #expect(counters.hold(&campaigns, &mailboxes, at: now) == MonotonicCounters.Corrections(held: 1, reset: 0))
        #expect(mailboxes[0].measures[.messagesSent] == 100)
        #expect(mailboxes[0].measures[.dailyLimit] == 99)
    }

    @Test("A series that was absent continues from its last value")
    func absence() {
        var counters = MonotonicCounters()
        _ = counters.shown(.sent(100, id: "c"), at: now)
        let (absent, none) = counters.shown(Campaign(id: "c"), at: now)
        #expect(absent.measures.count == 0)
        #expect(none == MonotonicCounters.Corrections())
        _ = counters.shown(.sent(7, id: "other"), at: now)
        #expect(counters.shown(.sent(90, id: "c"), at: now).0.measures[.messagesSent] == 100)
    }

    @Test("What was published is known after a restart, and forgotten a month after it was last shown")
    func memory() throws {
        var counters = MonotonicCounters()
        _ = counters.shown(.full(100), at: now)
        let saved = try JSONEncoder().encode(counters.snapshot)
        var restarted = MonotonicCounters(try JSONDecoder().decode(CounterSnapshot.self, from: saved))
        #expect(restarted.snapshot == counters.snapshot)
        #expect(restarted.shown(.sent(90, id: "c"), at: now).0.measures[.messagesSent] == 100)
        _ = restarted.shown(.sent(1, id: "other"), at: Timestamp(seconds: now.seconds + 29 * 86_400))
        #expect(restarted.snapshot.campaigns["c"] != nil)
        _ = restarted.shown(.sent(1, id: "other"), at: Timestamp(seconds: now.seconds + 31 * 86_400))
        #expect(restarted.snapshot.campaigns["c"] == nil)
    }

    @Test("Published values decrease only by resets, and each reset is counted")
    func property() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var chance = SeededGenerator(seed: seed)
        var counters = MonotonicCounters()
        var last = 0.0
        var resets = 0
        for _ in 0..<5000 {
            let reported = Double(Int.random(in: 0...1000, using: &chance))
            let (campaign, corrections) = counters.shown(.sent(reported, id: "c"), at: now)
            let shown = campaign.measures[.messagesSent] ?? -1
            if shown < last { resets += 1 }
            #expect(shown >= last || (shown == reported && shown < last / 2), "seed \(seed)")
            #expect(shown >= reported, "seed \(seed)")
            #expect((shown < last ? 1 : 0) == corrections.reset, "seed \(seed)")
            last = shown
        }
        #expect(resets > 0)
    }

    @Test("The number of counters held at the moment falls when the provider catches up")
    func inForce() {
        var counters = MonotonicCounters()
        let numbers = [100, 90, 95, 80, 100, 120].map { counters.shown(.sent($0, id: "c"), at: now).1.inForce }
        #expect(numbers == [0, 1, 1, 1, 0, 0])
    }

    @Test("What is remembered of campaigns, mailboxes and steps that never come back is bounded by number")
    func bounded() {
        var counters = MonotonicCounters()
        for cycle in 0..<60 {
            let steps = (0..<100).map { Step.opened("s\(cycle)-\($0)") }
            var campaigns = (0..<100).map { Campaign.sent(5, id: "c\(cycle)-\($0)", steps: [steps[$0]]) }
            campaigns.append(.sent(100 - Double(cycle), id: "stays", steps: steps))
            var mailboxes = (0..<100).map { index in
                var mailbox = Mailbox(address: "\(cycle)-\(index)@x.com")
                mailbox.measures[.messagesSent] = 1
                return mailbox
            }
            let time = Timestamp(seconds: now.seconds + Double(cycle))
            _ = counters.hold(&campaigns, &mailboxes, at: time)
            #expect(campaigns.last?.measures[.messagesSent] == 100 || cycle > 50)
        }
        let snapshot = counters.snapshot
        #expect(snapshot.campaigns.count <= MonotonicCounters.maxAbsent + 101)
        #expect(snapshot.campaigns.count > MonotonicCounters.maxAbsent - 101)
        #expect(snapshot.mailboxes.count <= MonotonicCounters.maxAbsent + 100)
        #expect(snapshot.campaigns["stays"] != nil && snapshot.campaigns["c59-7"] != nil)
        #expect(snapshot.campaigns["c0-7"] == nil)
        let limit = CounterSnapshot.CampaignCounters.maxAbsentSteps
        #expect(snapshot.campaigns["stays"].map { $0.steps.count <= limit + 100 } == true)
    }
}

extension MonotonicCounters {
    fileprivate mutating func shown(_ campaign: Campaign, at wallTime: Timestamp) -> (Campaign, Corrections) {
        var campaigns = [campaign]
        var mailboxes: [Mailbox] = []
        let corrections = hold(&campaigns, &mailboxes, at: wallTime)
        return (campaigns[0], corrections)
    }
}

extension Step {
    /// A step with one open.
    fileprivate static func opened(_ sequence: String) -> Step {
        var step = Step(key: .init(sequence: sequence, step: "1"))
        step.measures[.opens] = 1
        return step
    }
}

extension Campaign {
    /// A campaign with one step and the same value everywhere.
    fileprivate static func full(_ value: Double) -> Campaign {
        var campaign = Measures<CampaignMeasure>()
        for measure in CampaignMeasure.allCases { campaign[measure] = value }
        var step = Step(key: .init(step: "1"))
        for measure in StepMeasure.allCases { step.measures[measure] = value }
        return Campaign(id: "c", measures: campaign, steps: [step])
    }
}
