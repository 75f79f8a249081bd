// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach

/// Builds histories from a provider's counts per day, subtracted backwards from the current total.
package struct DailyHistory: Sendable {
    /// Fetches a campaign's counts per day from a day on, today included; days without events may be missing.
    package typealias FetchCounts = @Sendable (String, Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>]
    /// Fetches a campaign's current totals.
    package typealias FetchTotal = @Sendable (String) async throws(APIError) -> Measures<CampaignMeasure>

    private let days: Range<Day>
    private let advance: ProgressHandler
    private let counts: FetchCounts
    private let total: FetchTotal

    /// How often counts and total are fetched until they agree; after that the last responses are used.
    private static let maxAttempts = 5

    /// Prepares the histories of a range of days.
    package init(
        _ days: Range<Day>,
        advance: @escaping ProgressHandler,
        counts: @escaping FetchCounts,
        total: @escaping FetchTotal
    ) {
        self.days = days
        self.advance = advance
        self.counts = counts
        self.total = total
    }

    /// The histories of campaigns, fetched one after the other, or their errors.
    ///
    /// - Throws: an error that concerns the whole account.
    package func histories(
        of campaigns: [String]
    ) async throws(APIError) -> [String: Result<CampaignHistory, APIError>] {
        var results: [String: Result<CampaignHistory, APIError>] = [:]
        for campaign in campaigns {
            let result = try await itemResult { () async throws(APIError) in try await history(of: campaign) }
            if result.error == nil { advance(days.count) }
            results[campaign] = result
        }
        return results
    }

    /// Counts and total are two requests: events between them show as a total that differs before and after the counts.
    ///
    /// Without counts after the range there were no recent events, and one pair of requests is enough.
    private func history(of campaign: String) async throws(APIError) -> CampaignHistory {
        var before = try await total(campaign)
        var found = try await counts(campaign, days.lowerBound)
        for _ in 1..<Self.maxAttempts where found.keys.contains(where: { $0 >= days.upperBound }) {
            let after = try await total(campaign)
            guard after != before else { break }
            before = after
            found = try await counts(campaign, days.lowerBound)
        }
        return CampaignHistory(days, total: before, counts: found)
    }
}
