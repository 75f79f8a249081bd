// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

extension HistoryPart {
    /// Counts per day of the measures in a table, subtracted backwards from the current totals.
    static func daily(
        _ table: FieldTable<CampaignMeasure>,
        counts: @escaping DailyHistory.FetchCounts,
        total: @escaping DailyHistory.FetchTotal
    ) -> HistoryPart {
        let measures = Set(table.fields.map(\.measure))
        return HistoryPart("daily") { campaigns, days, advance throws(APIError) in
            let history = DailyHistory(days, advance: advance, counts: counts) { campaign async throws(APIError) in
                try await total(campaign).filtered(measures.contains)
            }
            return try await history.histories(of: campaigns)
        }
    }

    /// Totals up to the beginning of a day, at as many days as are needed.
    static func totals(_ name: String, batch: Int = 1, _ fetch: @escaping Bisection.Fetch) -> HistoryPart {
        HistoryPart(name, batch: batch) { campaigns, days, advance throws(APIError) in
            try await Bisection(days, advance: advance, fetch: fetch).histories(of: campaigns)
        }
    }

    /// The same of a provider that tells them of one campaign at a time.
    static func totals(
        _ name: String,
        _ fetch: @escaping @Sendable (String, Day) async throws(APIError) -> CampaignTotals
    ) -> HistoryPart {
        totals(name) { day, campaigns async throws(APIError) in
            try await campaigns.results { campaign async throws(APIError) in try await fetch(campaign, day) }
        }
    }
}
