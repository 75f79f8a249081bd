// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import History
internal import Outreach

/// A SendKit workspace's past: what days count per campaign, or with steps its analytics until a day.
struct SendKitHistory: AccountHistory {
    let api: SendKitAPI

    private static let counted = Set(SendKitMapping.daily.fields.map(\.measure))

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart("daily") { campaigns, days, advance throws(CallFailure) in
            try await DailyRows(days, advance: advance, rows: rows, total: total).pasts(of: campaigns)
        }
        let analytics = HistoryPart("analytics") { campaigns, days, advance throws(CallFailure) in
            try await Bisection(days, advance: advance, ask: self.totals).pasts(of: campaigns)
        }
        return [steps ? analytics : daily]
    }

    private func rows(of campaign: String, since day: Day) async throws(CallFailure) -> [Day: Measures<CampaignMeasure>]
    {
        let rows = try await api.daily(of: campaign, since: day)
        return Dictionary(rows.map { ($0.day, $0.measures) }) { _, last in last }
    }

    private func total(of campaign: String) async throws(CallFailure) -> Measures<CampaignMeasure> {
        try await api.analytics(of: campaign).measures.filtered(Self.counted.contains)
    }

    private func totals(until day: Day, of campaigns: [String]) async throws(CallFailure) -> [String: Totals] {
        var totals: [String: Totals] = [:]
        for id in campaigns {
            totals[id] = Totals(SendKitMapping.detail(id, try await api.analytics(of: id, until: day), steps: true))
        }
        return totals
    }
}
