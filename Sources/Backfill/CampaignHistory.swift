// SPDX-License-Identifier: Apache-2.0

internal import Exposition
package import Outreach

/// The totals of a campaign and its steps at day boundaries.
///
/// A range of `n` days has the boundaries 0 to `n`; boundary `i` is the first instant of its day `i` in UTC.
package struct CampaignHistory: Sendable {
    enum Key: Hashable {
        case campaign(CampaignMeasure)
        case step(Step.Key, StepMeasure)
    }

    /// Whether the provider's numbers contradicted each other and were lowered until they did not.
    package private(set) var isCorrected = false
    private(set) var series: [Key: StepSeries] = [:]
    private(set) var steps: [Step.Key: Step] = [:]

    package init() {}

    /// Subtracts the counts of each day, latest first, from the current total.
    ///
    /// - Parameters:
    ///   - days: the days of the history.
    ///   - total: the current totals. Measures without a count on any day are dropped, unless there are no counts at all.
    ///   - counts: the counts per day; a missing day is a day without events. Counts after `days` are subtracted too.
    package init(_ days: Range<Day>, total: Measures<CampaignMeasure>, counts: [Day: Measures<CampaignMeasure>]) {
        var totals: [Measures<CampaignMeasure>] = []
        var rest = counts.isEmpty ? total : total.filtered { measure in counts.values.contains { $0[measure] != nil } }
        for (day, count) in counts.sorted(by: { $0.key > $1.key }) {
            while totals.count < days.upperBound.number - max(day, days.lowerBound.advanced(by: -1)).number {
                totals.append(rest)
            }
            if day >= days.lowerBound { isCorrected = rest.subtract(count) || isCorrected }
        }
        while totals.count <= days.count { totals.append(rest) }
        for (boundary, total) in totals.reversed().enumerated() { record(CampaignTotals(total), at: boundary) }
    }

    /// Appends the totals at a boundary, which must lie after all recorded ones.
    mutating func record(_ totals: CampaignTotals, at boundary: Int) {
        record(totals.measures, at: boundary) { .campaign($0) }
        for step in totals.steps {
            steps[step.key] = step
            record(step.measures, at: boundary) { .step(step.key, $0) }
        }
    }

    private mutating func record<Measure>(_ measures: Measures<Measure>, at boundary: Int, key: (Measure) -> Key) {
        for measure in Measure.allCases {
            if let value = measures[measure] { series[key(measure), default: StepSeries()].append(value, at: boundary) }
        }
    }

    /// Lowers totals that exceed a later one, and sets `isCorrected` if there were any.
    mutating func makeMonotonic() {
        for key in series.keys where series[key]?.makeMonotonic() == true { isCorrected = true }
    }

    /// The last boundary before the campaign's first event; `nil` without events.
    var start: Int? { series.values.compactMap(\.start).min() }
}

/// A campaign's counters up to a point in time; gauges have no history.
package struct CampaignTotals: Sendable, Hashable {
    package let measures: Measures<CampaignMeasure>
    /// The steps with their measures, which are all counters.
    package let steps: [Step]

    /// Keeps the counters of a campaign and its steps.
    package init(_ campaign: Campaign) {
        self.init(campaign.measures, steps: campaign.steps)
    }

    /// Keeps the counters among the measures, and sums steps with the same key as the page does.
    package init(_ measures: Measures<CampaignMeasure> = Measures(), steps: [Step] = []) {
        self.measures = measures.filtered { $0.family.type == .counter }
        self.steps = Step.unique(steps)
    }
}

extension Measures {
    /// The values of the measures for which `isIncluded` is true.
    package func filtered(_ isIncluded: (Measure) -> Bool) -> Measures {
        Measure.allCases.reduce(into: Measures()) { result, measure in
            if isIncluded(measure) { result[measure] = self[measure] }
        }
    }

    /// Subtracts the measures that both have, down to 0.
    ///
    /// - Returns: whether a result would have been negative.
    fileprivate mutating func subtract(_ other: Measures) -> Bool {
        var isNegative = false
        for measure in Measure.allCases {
            guard let value = self[measure], let subtrahend = other[measure] else { continue }
            isNegative = isNegative || subtrahend > value
            self[measure] = max(0, value - subtrahend)
        }
        return isNegative
    }
}
