// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// The totals of a campaign at the boundaries of days.
package struct CampaignPast: Sendable {
    /// What a total belongs to.
    enum Key: Hashable {
        case campaign(CampaignMeasure)
        case step(Step.Key, StepMeasure)
    }

    /// Whether its days did not add up and were cut to what fits.
    package private(set) var isCorrected = false
    private(set) var tracks: [Key: Track] = [:]
    /// What is known of its steps, by key.
    private(set) var steps: [Step.Key: Step] = [:]

    /// A past without a day.
    package init() {}

    /// A past put together from each day's numbers, walking backwards from the total of today.
    ///
    /// - Parameters:
    ///   - days: the days that the past consists of.
    ///   - total: what was counted until now; what no row tells is left out, unless there are no rows at all.
    ///   - rows: what was counted on single days; a day without a row is a day without events. Those behind the last
    ///     day count too: they are what the total holds beyond the past.
    package init(_ days: Range<Day>, total: Measures<CampaignMeasure>, rows: [Day: Measures<CampaignMeasure>]) {
        var totals: [Measures<CampaignMeasure>] = []
        var rest = rows.isEmpty ? total : total.filtered { measure in rows.values.contains { $0[measure] != nil } }
        for (day, row) in rows.sorted(by: { $0.key > $1.key }) {
            while totals.count < days.upperBound.number - max(day, days.lowerBound.advanced(by: -1)).number {
                totals.append(rest)
            }
            if day >= days.lowerBound { isCorrected = rest.subtract(row) || isCorrected }
        }
        while totals.count <= days.count { totals.append(rest) }
        for (boundary, total) in totals.reversed().enumerated() { note(Totals(total), at: boundary) }
    }

    /// Notes the totals at a boundary behind all others.
    mutating func note(_ totals: Totals, at boundary: Int) {
        for measure in CampaignMeasure.allCases {
            guard let value = totals.measures[measure] else { continue }
            tracks[.campaign(measure), default: Track()].note(value, at: boundary)
        }
        for step in totals.steps {
            steps[step.key] = step
            for measure in StepMeasure.allCases {
                guard let value = step.measures[measure] else { continue }
                tracks[.step(step.key, measure), default: Track()].note(value, at: boundary)
            }
        }
    }

    /// Makes every total one that never falls, ending where the last boundary found it.
    mutating func settle() {
        for key in tracks.keys where tracks[key]?.settle() == true { isCorrected = true }
    }

    /// The boundary behind which the campaign's first event was counted; `nil` where there was none at all.
    var birth: Int? { tracks.values.compactMap(\.birth).min() }
}

extension Measures {
    /// Takes away what a day had; a total that would fall below zero stays there.
    ///
    /// - Returns: whether one would have.
    fileprivate mutating func subtract(_ day: Measures) -> Bool {
        var fell = false
        for measure in Measure.allCases {
            guard let value = self[measure], let part = day[measure] else { continue }
            fell = fell || part > value
            self[measure] = max(0, value - part)
        }
        return fell
    }
}
