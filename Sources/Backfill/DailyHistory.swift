// SPDX-License-Identifier: Apache-2.0

package import Collection
internal import Exposition
package import Outreach

/// Pasts put together from daily rows that are anchored at the total of the moment.
package struct DailyRows: Sendable {
    /// Asks for a campaign's rows from a day on, today included.
    package typealias Rows = @Sendable (String, Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>]
    /// Asks for a campaign's totals.
    package typealias Total = @Sendable (String) async throws(APIError) -> Measures<CampaignMeasure>

    private let days: Range<Day>
    private let advance: @Sendable (Int) -> Void
    private let rows: Rows
    private let total: Total

    /// How often a campaign that is counting at this moment is asked before its last answers have to do.
    private static let attempts = 5

    /// Prepares the pasts of some days; `advance` is told how many more days of campaigns are known.
    package init(
        _ days: Range<Day>,
        advance: @escaping @Sendable (Int) -> Void,
        rows: @escaping Rows,
        total: @escaping Total
    ) {
        self.days = days
        self.advance = advance
        self.rows = rows
        self.total = total
    }

    /// The pasts of some campaigns.
    package func pasts(of campaigns: [String]) async throws(APIError) -> [String: CampaignHistory] {
        var pasts: [String: CampaignHistory] = [:]
        for campaign in campaigns {
            pasts[campaign] = try await past(of: campaign)
            advance(days.count)
        }
        return pasts
    }

    /// Rows and total are two calls: where something was counted in between, the total before and behind them differs.
    ///
    /// Where no row is younger than the past, nothing was counted that could be on one side alone.
    private func past(of campaign: String) async throws(APIError) -> CampaignHistory {
        var before = try await total(campaign)
        var found = try await rows(campaign, days.lowerBound)
        for _ in 1..<Self.attempts where found.keys.contains(where: { $0 >= days.upperBound }) {
            let behind = try await total(campaign)
            guard behind != before else { break }
            before = behind
            found = try await rows(campaign, days.lowerBound)
        }
        return CampaignHistory(days, total: before, rows: found)
    }
}

/// The totals of a campaign at the boundaries of days.
package struct CampaignHistory: Sendable {
    /// What a total belongs to.
    enum Key: Hashable {
        case campaign(CampaignMeasure)
        case step(Step.Key, StepMeasure)
    }

    /// Whether its days did not add up and were cut to what fits.
    package private(set) var isCorrected = false
    private(set) var tracks: [Key: StepSeries] = [:]
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
            tracks[.campaign(measure), default: StepSeries()].note(value, at: boundary)
        }
        for step in totals.steps {
            steps[step.key] = step
            for measure in StepMeasure.allCases {
                guard let value = step.measures[measure] else { continue }
                tracks[.step(step.key, measure), default: StepSeries()].note(value, at: boundary)
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

/// What was counted of a campaign until the end of a day: its counters alone, for nothing else has a known past.
package struct Totals: Sendable, Hashable {
    /// The campaign's counters.
    package let measures: Measures<CampaignMeasure>
    /// Its steps with their counters.
    package let steps: [Step]

    /// Takes the counters out of what a provider said about a campaign.
    package init(_ campaign: Campaign) {
        measures = campaign.measures.counters
        steps = campaign.steps
    }

    /// Counters of a campaign without steps.
    package init(_ measures: Measures<CampaignMeasure> = Measures()) {
        self.measures = measures.counters
        steps = []
    }
}

extension Measures {
    /// The values of some measures.
    package func filtered(_ isWanted: (Measure) -> Bool) -> Measures {
        Measure.allCases.reduce(into: Measures()) { wanted, measure in
            if isWanted(measure) { wanted[measure] = self[measure] }
        }
    }

    fileprivate var counters: Measures { filtered { $0.family.type == .counter } }
}
