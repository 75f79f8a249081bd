// SPDX-License-Identifier: Apache-2.0

internal import Exposition
package import Outreach

/// Keeps counters from falling by corrections: Prometheus would read every fall as a reset and count everything anew.
///
/// A fall by up to half is held at the last value shown until the provider catches up; a deeper fall is a true reset
/// and passes. What was shown is remembered per series, also while the series is absent.
struct MonotonicCounters: Sendable {
    /// How many falls were met for the first time.
    struct Corrections: Sendable, Hashable {
        /// Falls that are held.
        var held = 0
        /// Falls that were passed on.
        var reset = 0
    }

    /// How long an absent campaign or mailbox is remembered.
    private static let memory = Duration.seconds(30 * 24 * 3600)

    /// What was shown last.
    private(set) var marks: CounterSnapshot

    /// Goes on from what an earlier run showed.
    init(_ marks: CounterSnapshot = CounterSnapshot()) {
        self.marks = marks
    }

    /// Puts the values that may be shown in place of those that fell; returns the falls met for the first time.
    mutating func hold(
        _ campaigns: inout [Campaign],
        _ mailboxes: inout [Mailbox],
        at wallTime: Timestamp
    ) -> Corrections {
        var corrections = Corrections()
        for index in campaigns.indices { hold(&campaigns[index], at: wallTime, &corrections) }
        for index in mailboxes.indices { hold(&mailboxes[index], at: wallTime, &corrections) }
        marks.forget(unseenSince: Timestamp(seconds: wallTime.seconds - Self.memory / .seconds(1)))
        return corrections
    }

    private mutating func hold(_ campaign: inout Campaign, at wallTime: Timestamp, _ corrections: inout Corrections) {
        marks.campaigns[campaign.id, default: .init(seen: wallTime)]
            .hold(&campaign, at: wallTime, &corrections)
    }

    private mutating func hold(_ mailbox: inout Mailbox, at wallTime: Timestamp, _ corrections: inout Corrections) {
        marks.mailboxes[mailbox.address, default: .init(seen: wallTime)]
            .hold(&mailbox, at: wallTime, &corrections)
    }
}

extension CounterSnapshot.CampaignMark {
    fileprivate mutating func hold(
        _ campaign: inout Campaign,
        at wallTime: Timestamp,
        _ corrections: inout MonotonicCounters.Corrections
    ) {
        seen = wallTime
        measures.hold(&campaign.measures, CounterSnapshot.campaignCounters, &corrections)
        var held = campaign.steps
        for index in held.indices {
            steps[held[index].key, default: .init()]
                .hold(&held[index].measures, CounterSnapshot.stepCounters, &corrections)
        }
        if held != campaign.steps { campaign = campaign.replacing(steps: held) }
    }
}

extension CounterSnapshot.MailboxMark {
    fileprivate mutating func hold(
        _ mailbox: inout Mailbox,
        at wallTime: Timestamp,
        _ corrections: inout MonotonicCounters.Corrections
    ) {
        seen = wallTime
        measures.hold(&mailbox.measures, CounterSnapshot.mailboxCounters, &corrections)
    }
}

extension Campaign {
    fileprivate func replacing(steps: [Step]) -> Campaign {
        Campaign(id: id, name: name, status: status, measures: measures, leadsByStatus: leadsByStatus, steps: steps)
    }
}

/// The last value shown of every counter of an account.
package struct CounterSnapshot: Sendable, Hashable, Codable {
    /// The marks of a campaign and its steps.
    struct CampaignMark: Sendable, Hashable, Codable {
        /// When the campaign was last shown.
        var seen: Timestamp
        var measures = HeldMeasures<CampaignMeasure>()
        var steps: [Step.Key: HeldMeasures<StepMeasure>] = [:]
    }

    /// The marks of a mailbox.
    struct MailboxMark: Sendable, Hashable, Codable {
        /// When the mailbox was last shown.
        var seen: Timestamp
        var measures = HeldMeasures<MailboxMeasure>()
    }

    /// The counters among the measures of a campaign.
    static let campaignCounters = CampaignMeasure.allCases.filter { $0.family.type == .counter }
    /// The counters among the measures of a step.
    static let stepCounters = StepMeasure.allCases.filter { $0.family.type == .counter }
    /// The counters among the measures of a mailbox.
    static let mailboxCounters = MailboxMeasure.allCases.filter { $0.family.type == .counter }

    /// By campaign id.
    var campaigns: [String: CampaignMark] = [:]
    /// By address.
    var mailboxes: [String: MailboxMark] = [:]

    /// Nothing shown yet.
    package init() {}

    /// Forgets what was not shown since a moment.
    mutating func forget(unseenSince moment: Timestamp) {
        if campaigns.values.contains(where: { $0.seen < moment }) {
            campaigns = campaigns.filter { $0.value.seen >= moment }
        }
        if mailboxes.values.contains(where: { $0.seen < moment }) {
            mailboxes = mailboxes.filter { $0.value.seen >= moment }
        }
    }
}

/// The last value shown of each counter of one thing, and what its provider says where that is less.
package struct HeldMeasures<Measure: MeasureKey>: Sendable, Hashable, Codable {
    private var shown = Measures<Measure>()
    private var told = Measures<Measure>()

    /// Nothing shown yet.
    init() {}

    /// Puts the value to be shown in place of each counter that fell, and remembers what is shown.
    mutating func hold(
        _ measures: inout Measures<Measure>,
        _ counters: [Measure],
        _ corrections: inout MonotonicCounters.Corrections
    ) {
        for counter in counters {
            guard let value = measures[counter] else { continue }
            guard let mark = shown[counter], value < mark else {
                shown[counter] = value
                if told.count > 0 { told[counter] = nil }
                continue
            }
            if value < mark / 2 {
                corrections.reset += 1
                shown[counter] = value
                told[counter] = nil
            } else {
                if told[counter] == nil { corrections.held += 1 }
                told[counter] = value
                measures[counter] = mark
            }
        }
    }
}
