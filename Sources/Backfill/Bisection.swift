// SPDX-License-Identifier: Apache-2.0

package import Collection

/// Builds histories from totals at day boundaries, fetching only the boundaries that are not known yet.
///
/// Counters never fall: if a campaign's totals are equal at two boundaries, nothing happened between them.
package struct Bisection: Sendable {
    /// Fetches the totals of campaigns up to a day's first instant (UTC); campaigns that failed are missing.
    package typealias Fetch = @Sendable (Day, [String]) async throws(APIError) -> [String: CampaignTotals]

    private let days: Range<Day>
    private let advance: ProgressHandler
    private let fetch: Fetch

    /// Prepares the search of a range of days.
    package init(_ days: Range<Day>, advance: @escaping ProgressHandler, fetch: @escaping Fetch) {
        self.days = days
        self.advance = advance
        self.fetch = fetch
    }

    /// The histories of campaigns, whose totals are fetched together; campaigns that failed are missing.
    ///
    /// - Throws: `APIError` if a request fails as a whole.
    package func histories(of campaigns: [String]) async throws(APIError) -> [String: CampaignHistory] {
        let last = try await fetch(days.upperBound, campaigns)
        let first = try await fetch(days.lowerBound, campaigns.filter { last[$0] != nil })
        var histories: [String: CampaignHistory] = [:]
        for (id, totals) in first { histories[id, default: CampaignHistory()].record(totals, at: 0) }
        try await search(0..<days.count, first, last, into: &histories)
        for id in histories.keys { histories[id]?.makeMonotonic() }
        return histories
    }

    /// Visits the boundaries after the first in chronological order, which is the order of `CampaignHistory.record`.
    private func search(
        _ range: Range<Int>,
        _ low: [String: CampaignTotals],
        _ high: [String: CampaignTotals],
        into histories: inout [String: CampaignHistory]
    ) async throws(APIError) {
        let changed = low.keys.filter { low[$0] != high[$0] }.sorted()
        advance((low.count - changed.count) * range.count)
        guard !changed.isEmpty else { return }
        guard range.count > 1 else {
            for id in changed { if let totals = high[id] { histories[id]?.record(totals, at: range.upperBound) } }
            return advance(changed.count)
        }
        let middle = (range.lowerBound + range.upperBound) / 2
        let found = try await fetch(days.lowerBound.advanced(by: middle), changed)
        for id in changed where found[id] == nil { histories[id] = nil }
        try await search(range.lowerBound..<middle, low.filter { found[$0.key] != nil }, found, into: &histories)
        try await search(middle..<range.upperBound, found, high, into: &histories)
    }
}
