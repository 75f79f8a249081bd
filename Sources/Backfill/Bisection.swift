// SPDX-License-Identifier: Apache-2.0

package import Collection

/// Builds histories from totals at day boundaries, fetching only the boundaries that are not known yet.
///
/// Counters never fall: if a campaign's totals are equal at two boundaries, nothing happened between them.
package struct Bisection: Sendable {
    /// Fetches the totals of campaigns, or their errors, up to a day's first instant (UTC).
    package typealias Fetch =
        @Sendable (Day, [String]) async throws(APIError) -> [String: Result<CampaignTotals, APIError>]

    private struct Outcome {
        var histories: [String: CampaignHistory] = [:]
        var errors: [String: APIError] = [:]

        mutating func fail(_ campaign: String, _ error: APIError) {
            histories[campaign] = nil
            errors[campaign] = error
        }
    }

    private static let missing = APIError.invalid(status: 200, reason: "the campaign is missing in the response")

    private let days: Range<Day>
    private let advance: ProgressHandler
    private let fetch: Fetch

    /// Prepares the search of a range of days.
    package init(_ days: Range<Day>, advance: @escaping ProgressHandler, fetch: @escaping Fetch) {
        self.days = days
        self.advance = advance
        self.fetch = fetch
    }

    /// The histories of campaigns, whose totals are fetched together, or their errors.
    ///
    /// A campaign is not requested again after an error; that it is missing in a response is one.
    ///
    /// - Throws: an error of `fetch` that concerns the whole account (`APIError.concernsAccount`).
    package func histories(
        of campaigns: [String]
    ) async throws(APIError) -> [String: Result<CampaignHistory, APIError>] {
        var outcome = Outcome()
        let last = try await totals(at: days.upperBound, of: campaigns, &outcome)
        let first = try await totals(at: days.lowerBound, of: campaigns.filter { last[$0] != nil }, &outcome)
        for (id, totals) in first { outcome.histories[id, default: CampaignHistory()].record(totals, at: 0) }
        try await search(0..<days.count, first, last, into: &outcome)
        for id in outcome.histories.keys { outcome.histories[id]?.makeMonotonic() }
        return outcome.histories.mapValues { .success($0) }
            .merging(outcome.errors.mapValues { .failure($0) }) { _, error in error }
    }

    /// Visits the boundaries after the first in chronological order, which is the order of `CampaignHistory.record`.
    private func search(
        _ range: Range<Int>,
        _ low: [String: CampaignTotals],
        _ high: [String: CampaignTotals],
        into outcome: inout Outcome
    ) async throws(APIError) {
        let changed = low.keys.filter { low[$0] != high[$0] }.sorted()
        advance((low.count - changed.count) * range.count)
        guard !changed.isEmpty else { return }
        guard range.count > 1 else {
            for id in changed {
                if let totals = high[id] { outcome.histories[id]?.record(totals, at: range.upperBound) }
            }
            return advance(changed.count)
        }
        let middle = (range.lowerBound + range.upperBound) / 2
        let found = try await totals(at: days.lowerBound.advanced(by: middle), of: changed, &outcome)
        try await search(range.lowerBound..<middle, low.filter { found[$0.key] != nil }, found, into: &outcome)
        try await search(
            middle..<range.upperBound,
            found.filter { outcome.histories[$0.key] != nil },
            high,
            into: &outcome
        )
    }

    /// The totals of the campaigns without an error; the others are given up.
    ///
    /// A request that fails is repeated for either half of its campaigns, until only those that cause it are left.
    private func totals(
        at day: Day,
        of campaigns: [String],
        _ outcome: inout Outcome
    ) async throws(APIError) -> [String: CampaignTotals] {
        guard !campaigns.isEmpty else { return [:] }
        do throws(APIError) {
            let found = try await fetch(day, campaigns)
            for id in campaigns {
                if let error = found[id, default: .failure(Self.missing)].error { outcome.fail(id, error) }
            }
            return found.compactMapValues { try? $0.get() }
        } catch {
            guard !error.concernsAccount else { throw error }
            guard campaigns.count > 1, error.mayConcernOneItem else {
                for id in campaigns { outcome.fail(id, error) }
                return [:]
            }
        }
        let middle = campaigns.count / 2
        let first = try await totals(at: day, of: Array(campaigns[..<middle]), &outcome)
        return first.merging(try await totals(at: day, of: Array(campaigns[middle...]), &outcome)) { first, _ in first }
    }
}
