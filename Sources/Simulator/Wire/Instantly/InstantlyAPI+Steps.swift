// SPDX-License-Identifier: Apache-2.0

extension InstantlyAPI {
    private struct Row: Hashable {
        let step: Int?
        let variant: Int?
    }

    /// `GET /api/v2/campaigns/analytics/steps`: a row per step and variant, of one campaign or summed over all.
    static func steps(_ call: Call) throws(Refusal) -> WireAnswer {
        let span = try call.instantlySpan()
        var order: [Row] = []
        var sums: [Row: Tally] = [:]
        for campaign in try call.instantlyCampaigns("campaign_id") {
            for (cell, tally) in zip(campaign.cells, call.scene.numbers(of: campaign, within: span).cells) {
                let row = Row(step: cell.step, variant: cell.variant)
                if sums[row] == nil { order.append(row) }
                sums[row, default: Tally()] = sums[row, default: Tally()] + tally
            }
        }
        let withOpportunities = call.query("include_opportunities_count") == "true"
        return .json(.array(order.map { step($0, sums[$0] ?? Tally(), withOpportunities) }))
    }

    private static func step(_ row: Row, _ tally: Tally, _ withOpportunities: Bool) -> JSON {
        let counts: JSON = [
            "step": .optional(row.step.map { String($0 + 1) }), "variant": .optional(row.variant.map(String.init)),
            "sent": .int(tally[.sent]), "opened": .int(tally[.opens]), "unique_opened": .int(tally[.opened]),
            "replies": .int(tally[.replies]), "unique_replies": .int(tally[.replied]),
            "replies_automatic": .int(tally[.automaticReplies]),
            "unique_replies_automatic": .int(tally[.repliedAutomatically]), "clicks": .int(tally[.clicks]),
            "unique_clicks": .int(tally[.clicked]),
        ]
        guard withOpportunities else { return counts }
        return counts.with([
            "opportunities": .int(tally[.opportunities]), "unique_opportunities": .int(tally[.interested]),
            "meetings_booked": .int(tally[.meetingsBooked]), "won": .int(tally[.won]),
        ])
    }

    /// `GET /api/v2/campaigns/analytics/daily`: a row per day with activity, of the last thirty unless dates are given.
    static func daily(_ call: Call) throws(Refusal) -> WireAnswer {
        _ = try call.instantlySpan()
        let days = call.days(from: call.query("start_date"), to: call.query("end_date"))
        return .json(.array(days.rows(of: try call.instantlyCampaigns("campaign_id"), in: call).map(day)))
    }

    private static func day(_ date: String, _ tally: Tally) -> JSON {
        [
            "date": .string(date), "sent": .int(tally[.sent]),
            "contacted": .int(tally[.contacted]), "new_leads_contacted": .int(tally[.contacted]),
            "opened": .int(tally[.opens]), "unique_opened": .int(tally[.opened]), "replies": .int(tally[.replies]),
            "unique_replies": .int(tally[.replied]), "replies_automatic": .int(tally[.automaticReplies]),
            "unique_replies_automatic": .int(tally[.repliedAutomatically]), "clicks": .int(tally[.clicks]),
            "unique_clicks": .int(tally[.clicked]), "opportunities": .int(tally[.opportunities]),
            "unique_opportunities": .int(tally[.interested]),
        ]
    }
}
