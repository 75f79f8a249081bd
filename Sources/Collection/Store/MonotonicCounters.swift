// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// Keeps published counters from decreasing when a provider corrects its totals, which Prometheus would take for a reset.
///
/// After a decrease by up to half, the last published value is held until the provider exceeds it; a larger decrease is a
/// real reset and is published. Values are remembered per series, also while the series is absent.
struct MonotonicCounters: Sendable {
    /// Numbers of decreases found for the first time, and of those in force.
    struct Corrections: Sendable, Hashable {
        /// Decreases that are held.
        var held = 0
        /// Decreases that are published.
        var reset = 0
        /// Counters held at the moment, since now or longer.
        var inForce = 0

        /// Whether any decrease was found for the first time.
        var isNew: Bool { held + reset > 0 }
    }

    /// How long the values of an absent campaign or mailbox are remembered.
    private static let memory = Duration.seconds(30 * 24 * 3600)
    /// How many absent campaigns, and how many absent mailboxes, are remembered: those published last.
    static let maxAbsent = 2_000

    private(set) var snapshot: CounterSnapshot

    /// Continues from the values that an earlier run published.
    init(_ snapshot: CounterSnapshot = CounterSnapshot()) {
        self.snapshot = snapshot
    }

    /// Whether any counter of a campaign was ever published above 0, as far as that is remembered.
    func hasCounted(_ campaign: String) -> Bool {
        snapshot.campaigns[campaign]?.hasCounted ?? false
    }

    /// Replaces decreased values by those to publish; returns the decreases.
    mutating func hold(
        _ campaigns: inout [Campaign],
        _ mailboxes: inout [Mailbox],
        at wallTime: Timestamp
    ) -> Corrections {
        var corrections = Corrections()
        for index in campaigns.indices {
            snapshot.campaigns[campaigns[index].id, default: .init(seen: wallTime)]
                .hold(&campaigns[index], at: wallTime, &corrections)
        }
        for index in mailboxes.indices {
            snapshot.mailboxes[mailboxes[index].address, default: .init(seen: wallTime)]
                .hold(&mailboxes[index], at: wallTime, &corrections)
        }
        let oldest = wallTime.advanced(by: .zero - Self.memory)
        snapshot.campaigns.keepLatest(campaigns.count + Self.maxAbsent, since: oldest, now: wallTime, seen: \.seen)
        snapshot.mailboxes.keepLatest(mailboxes.count + Self.maxAbsent, since: oldest, now: wallTime, seen: \.seen)
        return corrections
    }
}

/// The last published values of an account's counters; part of the storage format.
package struct CounterSnapshot: Sendable, Hashable, Codable {
    struct CampaignCounters: Sendable, Hashable, Codable {
        /// When the campaign was last published.
        var seen: Timestamp
        var measures = PublishedCounters<CampaignMeasure>()
        var steps: [Step.Key: PublishedCounters<StepMeasure>] = [:]

        /// How many absent steps of a campaign are remembered; beyond that all of them are forgotten.
        static let maxAbsentSteps = 500

        var hasCounted: Bool {
            measures.hasCounted || steps.values.contains(where: \.hasCounted)
        }

        mutating func hold(
            _ campaign: inout Campaign,
            at wallTime: Timestamp,
            _ corrections: inout MonotonicCounters.Corrections
        ) {
            seen = wallTime
            measures.hold(&campaign.measures, campaignMeasures, &corrections)
            var held = campaign.steps
            for index in held.indices {
                steps[held[index].key, default: .init()].hold(&held[index].measures, stepMeasures, &corrections)
            }
            if steps.count > held.count + Self.maxAbsentSteps {
                let present = Set(held.map(\.key))
                steps = steps.filter { present.contains($0.key) }
            }
            if held != campaign.steps { campaign = campaign.replacing(steps: held) }
        }
    }

    struct MailboxCounters: Sendable, Hashable, Codable {
        /// When the mailbox was last published.
        var seen: Timestamp
        var measures = PublishedCounters<MailboxMeasure>()

        mutating func hold(
            _ mailbox: inout Mailbox,
            at wallTime: Timestamp,
            _ corrections: inout MonotonicCounters.Corrections
        ) {
            seen = wallTime
            measures.hold(&mailbox.measures, mailboxMeasures, &corrections)
        }
    }

    // The measures that are counters, computed once.
    private static let campaignMeasures = CampaignMeasure.allCases.filter { $0.family.type == .counter }
    private static let stepMeasures = StepMeasure.allCases.filter { $0.family.type == .counter }
    private static let mailboxMeasures = MailboxMeasure.allCases.filter { $0.family.type == .counter }

    /// By campaign id.
    var campaigns: [String: CampaignCounters] = [:]
    /// By address.
    var mailboxes: [String: MailboxCounters] = [:]

    package init() {}
}

/// The last published counters of a campaign, step or mailbox; part of the storage format.
struct PublishedCounters<Measure: MeasureKey>: Sendable, Hashable, Codable {
    private var published = Measures<Measure>()
    /// The provider's values of those counters that are held.
    private var reported = Measures<Measure>()

    private enum CodingKeys: String, CodingKey {
        case published = "shown"
        case reported = "told"
    }

    init() {}

    var hasCounted: Bool { Measure.allCases.contains { published[$0].map { $0 > 0 } ?? false } }

    /// Replaces each counter that decreased by the value to publish, and remembers what is published.
    mutating func hold(
        _ measures: inout Measures<Measure>,
        _ counters: [Measure],
        _ corrections: inout MonotonicCounters.Corrections
    ) {
        for counter in counters {
            guard let value = measures[counter] else { continue }
            guard let last = published[counter], value < last else {
                published[counter] = value
                if reported.count > 0 { reported[counter] = nil }
                continue
            }
            if value < last / 2 {
                corrections.reset += 1
                published[counter] = value
                reported[counter] = nil
            } else {
                if reported[counter] == nil { corrections.held += 1 }
                corrections.inForce += 1
                reported[counter] = value
                measures[counter] = last
            }
        }
    }
}

extension Dictionary {
    /// Keeps the entries with the latest times, none before `oldest`, and those of `now`: others look newer where the
    /// clock was set back.
    fileprivate mutating func keepLatest(
        _ limit: Int,
        since oldest: Timestamp,
        now: Timestamp,
        seen: (Value) -> Timestamp
    ) {
        if values.contains(where: { seen($0) < oldest }) { self = filter { seen($0.value) >= oldest } }
        guard count > limit else { return }
        let oldest = values.map(seen).sorted(by: >)[limit]
        self = filter { seen($0.value) > oldest || seen($0.value) == now }
    }
}
