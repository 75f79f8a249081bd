// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import History
internal import Outreach

/// An Instantly workspace's past: what days count per campaign, everything else as totals until a day.
struct InstantlyHistory: AccountHistory {
    let api: InstantlyAPI

    /// The most ids that go into a query: 4 KB.
    private static let batch = 100
    private static let counted = Set(InstantlyMapping.daily.fields.map(\.measure))

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart("daily") { campaigns, days, advance throws(CallFailure) in
            try await DailyRows(days, advance: advance, rows: rows, total: total).pasts(of: campaigns)
        }
        let totals = HistoryPart("totals", batch: Self.batch) { campaigns, days, advance throws(CallFailure) in
            try await Bisection(days, advance: advance, ask: self.totals).pasts(of: campaigns)
        }
        let stepTotals = HistoryPart("steps") { campaigns, days, advance throws(CallFailure) in
            try await Bisection(days, advance: advance, ask: self.steps).pasts(of: campaigns)
        }
        return [daily, totals] + (steps ? [stepTotals] : [])
    }

    private func rows(of campaign: String, since day: Day) async throws(CallFailure) -> [Day: Measures<CampaignMeasure>]
    {
        let rows = try await api.daily(of: campaign, since: day)
        return Dictionary(rows.map { ($0.day, $0.measures) }) { _, last in last }
    }

    private func total(of campaign: String) async throws(CallFailure) -> Measures<CampaignMeasure> {
        let overview = try await api.overview(of: [campaign])
        var total = overview.measures.filtered(Self.counted.contains)
        total[.messagesSent] = overview.sent
        return total
    }

    /// A campaign without a row has not sent until then.
    private func totals(until day: Day, of campaigns: [String]) async throws(CallFailure) -> [String: Totals] {
        let rows = try await api.analytics(of: campaigns, until: day)
        let known = Dictionary(rows.map { ($0.id, $0.measures) }) { _, last in last }
        let totals = campaigns.map { ($0, Totals((known[$0] ?? Measures()).filtered { !Self.counted.contains($0) })) }
        return Dictionary(totals) { _, last in last }
    }

    private func steps(until day: Day, of campaigns: [String]) async throws(CallFailure) -> [String: Totals] {
        var totals: [String: Totals] = [:]
        for id in campaigns {
            let steps = try await api.steps(of: id, until: day)
            totals[id] = Totals(InstantlyMapping.detail(id, steps: steps))
        }
        return totals
    }
}
