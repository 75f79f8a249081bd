// SPDX-License-Identifier: Apache-2.0

package import Collection

/// The past of one account at its provider, as the backfill asks for it: what each provider's folder implements.
///
/// Every request behind these calls passes the account's `RequestGate`.
package protocol AccountHistory: Sendable {
    /// The ways in which the provider tells its past; no two of them tell the same total.
    ///
    /// - Parameter steps: whether the totals of steps are wanted.
    /// - Returns: the ways, each of which is asked about every campaign.
    func parts(steps: Bool) -> [HistoryPart]
}

/// One way in which a provider tells the past of campaigns.
package struct HistoryPart: Sendable {
    private typealias Tell =
        @Sendable (
            _ campaigns: [String], _ days: Range<Day>, _ advance: @escaping @Sendable (Int) -> Void
        ) async throws(APIError) -> [String: CampaignHistory]

    /// What tells it from the provider's other ways: `daily`.
    package let name: String
    /// How many campaigns it takes at a time.
    package let batch: Int
    private let tell: Tell

    /// Describes a way to tell the past.
    package init(
        _ name: String,
        batch: Int = 1,
        tell:
            @escaping @Sendable (
                _ campaigns: [String], _ days: Range<Day>, _ advance: @escaping @Sendable (Int) -> Void
            ) async throws(APIError) -> [String: CampaignHistory]
    ) {
        self.name = name
        self.batch = batch
        self.tell = tell
    }

    /// The spans in which some days are asked about: what a span told is kept when an interruption comes.
    ///
    /// One campaign is told of at once. A batch of them may take a call for every day, and so goes month by month.
    package func spans(of days: Range<Day>) -> [Range<Day>] {
        guard batch > 1 else { return [days] }
        return stride(from: days.lowerBound, to: days.upperBound, by: Self.month).map {
            $0..<min($0.advanced(by: Self.month), days.upperBound)
        }
    }

    private static let month = 30

    /// Tells the past of at most `batch` campaigns.
    ///
    /// - Parameters:
    ///   - campaigns: the provider's ids.
    ///   - days: the days that the past consists of, all of them over.
    ///   - advance: told how many more days of campaigns are known.
    /// - Returns: the pasts by campaign; whoever is missing has failed.
    /// - Throws: `APIError` where all of them failed.
    package func pasts(
        of campaigns: [String],
        _ days: Range<Day>,
        advance: @escaping @Sendable (Int) -> Void
    ) async throws(APIError) -> [String: CampaignHistory] {
        try await tell(campaigns, days, advance)
    }
}
