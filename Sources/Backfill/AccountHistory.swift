// SPDX-License-Identifier: Apache-2.0

package import Collection

/// The history of one account at its provider; each provider's folder implements it for the backfill.
///
/// Every request passes the account's `RequestGate`.
package protocol AccountHistory: Sendable {
    /// The queries that together return the account's history; no total comes from two of them.
    ///
    /// - Parameter steps: whether the totals of steps are included.
    /// - Returns: the queries, each of which is made for every campaign.
    func parts(steps: Bool) -> [HistoryPart]
}

/// Reports how many more campaign-days (days × campaigns) are known; called from any task.
package typealias ProgressHandler = @Sendable (_ campaignDays: Int) -> Void

/// A query for one part of the history of campaigns.
package struct HistoryPart: Sendable {
    /// What `histories` calls.
    package typealias Fetch =
        @Sendable (
            _ campaigns: [String], _ days: Range<Day>, _ advance: @escaping ProgressHandler
        ) async throws(APIError) -> [String: Result<CampaignHistory, APIError>]

    /// The name in the journal, unique within the provider: `daily`.
    package let name: String
    /// The most campaigns that one call of `histories` takes.
    package let batch: Int
    private let fetch: Fetch

    package init(_ name: String, batch: Int = 1, fetch: @escaping Fetch) {
        self.name = name
        self.batch = batch
        self.fetch = fetch
    }

    /// The ranges of days to fetch separately, so that an interruption loses at most one of them.
    ///
    /// A single campaign is fetched in one range. A batch may take a request per day and is fetched in ranges of 30 days.
    package func spans(of days: Range<Day>) -> [Range<Day>] {
        guard batch > 1 else { return [days] }
        return stride(from: days.lowerBound, to: days.upperBound, by: 30).map {
            $0..<min($0.advanced(by: 30), days.upperBound)
        }
    }

    /// Fetches the histories of at most `batch` campaigns over completed days.
    ///
    /// - Parameters:
    ///   - campaigns: the provider's ids.
    ///   - days: the days, all of which are over.
    ///   - advance: reports progress.
    /// - Returns: the history or the error of each campaign, by id.
    /// - Throws: an error that concerns the whole account (`APIError.concernsAccount`).
    package func histories(
        of campaigns: [String],
        over days: Range<Day>,
        advance: @escaping ProgressHandler
    ) async throws(APIError) -> [String: Result<CampaignHistory, APIError>] {
        try await fetch(campaigns, days, advance)
    }
}
