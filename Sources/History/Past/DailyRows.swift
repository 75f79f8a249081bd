// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach

/// Pasts put together from daily rows that are anchored at the total of the moment.
package struct DailyRows: Sendable {
    /// Asks for a campaign's rows from a day on, today included.
    package typealias Rows = @Sendable (String, Day) async throws(CallFailure) -> [Day: Measures<CampaignMeasure>]
    /// Asks for a campaign's totals.
    package typealias Total = @Sendable (String) async throws(CallFailure) -> Measures<CampaignMeasure>

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
    package func pasts(of campaigns: [String]) async throws(CallFailure) -> [String: CampaignPast] {
        var pasts: [String: CampaignPast] = [:]
        for campaign in campaigns {
            pasts[campaign] = try await past(of: campaign)
            advance(days.count)
        }
        return pasts
    }

    /// Rows and total are two calls: where something was counted in between, the total before and behind them differs.
    ///
    /// Where no row is younger than the past, nothing was counted that could be on one side alone.
    private func past(of campaign: String) async throws(CallFailure) -> CampaignPast {
        var before = try await total(campaign)
        var found = try await rows(campaign, days.lowerBound)
        for _ in 1..<Self.attempts where found.keys.contains(where: { $0 >= days.upperBound }) {
            let behind = try await total(campaign)
            guard behind != before else { break }
            before = behind
            found = try await rows(campaign, days.lowerBound)
        }
        return CampaignPast(days, total: before, rows: found)
    }
}
