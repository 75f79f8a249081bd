// SPDX-License-Identifier: Apache-2.0

package import Collection

/// Totals asked for boundary by boundary, none where it is known already: where a campaign's totals at two boundaries
/// are the same, nothing happened in between.
package struct Bisection: Sendable {
    /// Asks for the totals of some campaigns until a day's first instant; whoever is missing in the answer has failed.
    package typealias Ask = @Sendable (Day, [String]) async throws(APIError) -> [String: Totals]

    private let days: Range<Day>
    private let advance: @Sendable (Int) -> Void
    private let ask: Ask

    /// Prepares the search of some days.
    ///
    /// - Parameters:
    ///   - days: the days.
    ///   - advance: told how many more days of campaigns are known.
    ///   - ask: asks the provider.
    package init(_ days: Range<Day>, advance: @escaping @Sendable (Int) -> Void, ask: @escaping Ask) {
        self.days = days
        self.advance = advance
        self.ask = ask
    }

    /// The pasts of some campaigns, asked for together.
    package func pasts(of campaigns: [String]) async throws(APIError) -> [String: CampaignHistory] {
        let last = try await ask(days.upperBound, campaigns)
        let first = try await ask(days.lowerBound, campaigns.filter { last[$0] != nil })
        var pasts = first.mapValues { totals in
            var past = CampaignHistory()
            past.note(totals, at: 0)
            return past
        }
        try await search(0..<days.count, first, last, noting: &pasts)
        return pasts.mapValues { past in
            var past = past
            past.settle()
            return past
        }
    }

    /// Goes through the boundaries behind the first in the order of time, so that totals are noted as they come.
    private func search(
        _ range: Range<Int>,
        _ low: [String: Totals],
        _ high: [String: Totals],
        noting pasts: inout [String: CampaignHistory]
    ) async throws(APIError) {
        let moving = low.keys.filter { low[$0] != high[$0] }.sorted()
        advance((low.count - moving.count) * range.count)
        guard !moving.isEmpty else { return }
        guard range.count > 1 else {
            for id in moving { if let totals = high[id] { pasts[id]?.note(totals, at: range.upperBound) } }
            return advance(moving.count)
        }
        let middle = (range.lowerBound + range.upperBound) / 2
        let found = try await ask(days.lowerBound.advanced(by: middle), moving)
        for id in moving where found[id] == nil { pasts[id] = nil }
        try await search(range.lowerBound..<middle, low.filter { found[$0.key] != nil }, found, noting: &pasts)
        try await search(middle..<range.upperBound, found, high, noting: &pasts)
    }
}
