// SPDX-License-Identifier: Apache-2.0

extension InstantlyServer {
    /// `GET /api/v2/campaigns`: every page that holds a row names a cursor, the last one too.
    static func campaigns(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let limit = try call.instantlyLimit() else { return .json(["items": []]) }
        let campaigns = listed(call)
        var offset = 0
        if let cursor = call.query("starting_after") {
            guard Identifier.isUUID(cursor) else { throw invalid("params/id must match format \"uuid\"") }
            offset = (campaigns.firstIndex { $0.id == cursor } ?? campaigns.count) + 1
        }
        let listing = PageSlice(rows: campaigns, faults: call.faults)
        let page = try listing.page(from: offset, limit: limit, or: refusal(.serverError)).rows
        let items = JSON.array(page.map { campaign($0, call) })
        guard let last = page.last else { return .json(["items": items]) }
        return .json(["items": items, "next_starting_after": .string(last.id)])
    }

    private static func listed(_ call: APIRequest) -> [CampaignPlan] {
        let status = call.query("status").flatMap { Int($0) }
        let excluded = call.query("exclude_status").flatMap { Int($0) }
        let search = call.query("search")?.lowercased()
        return call.scene.campaigns.filter { campaign in
            let state = call.scene.state(of: campaign).instantlyStatus
            return (status ?? state) == state && excluded != state
                && (search.map { campaign.name.lowercased().contains($0) } ?? true)
        }
    }

    private static func campaign(_ campaign: CampaignPlan, _ call: APIRequest) -> JSON {
        let state = call.scene.state(of: campaign)
        return [
            "id": .string(campaign.id), "name": .string(campaign.name),
            "status": .int(state.instantlyStatus), "is_evergreen": .bool(campaign.isEvergreen),
            "pl_value": .int(campaign.opportunityValue), "campaign_schedule": schedule(campaign),
            "sequences": [["steps": .array(sequence(campaign))]],
            "timestamp_created": call.timestamp(campaign.created),
            "timestamp_updated": call.timestamp(call.scene.updated(campaign)),
            "email_list": .array(call.scene.mailboxes.prefix(3).map { .string($0.address) }),
            "daily_limit": .int(Int(campaign.leadsPerDay) * 2), "link_tracking": true, "open_tracking": true,
            "not_sending_status": state.isSending ? nil : 1,
        ]
    }

    private static func schedule(_ campaign: CampaignPlan) -> JSON {
        let hour = Int(campaign.hours.opening / .hour)
        let timing: JSON = [
            "from": .string((hour < 10 ? "0" : "") + "\(hour):00"), "to": .string("\((hour + 8) % 24):00"),
        ]
        let days: JSON = ["1": true, "2": true, "3": true, "4": true, "5": true]
        return [
            "start_date": nil, "end_date": nil,
            "schedules": [["name": "Working days", "timing": timing, "days": days, "timezone": "Etc/UTC"]],
        ]
    }

    private static func sequence(_ campaign: CampaignPlan) -> [JSON] {
        let variants = Dictionary(grouping: campaign.cells.filter { $0.step != nil }) { $0.step ?? 0 }
        return variants.sorted { $0.key < $1.key }.map { step, cells in
            [
                "type": "email", "delay": 2, "delay_unit": "days",
                "variants": .array(
                    cells.map { _ in ["subject": .string("Step \(step + 1)"), "body": "…", "v_disabled": false] }
                ),
            ]
        }
    }
}

extension InstantlyServer {
    /// `GET /api/v2/campaigns/analytics`: one row per campaign that has ever sent, without pages.
    static func analytics(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let span = try call.instantlySpan()
        let excludesLeads = call.query("exclude_total_leads_count") == "true"
        let rows = try call.instantlyCampaigns("id", "ids").map { campaign in
            let numbers = call.scene.numbers(of: campaign, within: span)
            let identity: JSON = [
                "campaign_name": .string(campaign.name), "campaign_id": .string(campaign.id),
                "campaign_status": .int(call.scene.state(of: campaign).instantlyStatus),
                "campaign_is_evergreen": .bool(campaign.isEvergreen),
            ]
            return identity.with(excludesLeads ? [:] : ["leads_count": .int(numbers.leads)])
                .with(totals(numbers.total, opens: .leadsOpened))
                .with(opportunities(numbers.total[.interested], campaign.opportunityValue * numbers.total[.interested]))
        }
        return .json(.array(rows))
    }

    /// `GET /api/v2/campaigns/analytics/overview`: the campaigns named, or all, in one object.
    static func overview(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let span = try call.instantlySpan()
        let repeats = call.query("expand_crm_events") == "true"
        var (sum, value) = (Counts(), 0)
        let campaigns = try call.instantlyCampaigns("id", "ids")
        guard call.knowsInstantlyCampaigns("id", "ids") else { throw Refusal(answer: refusal(.notFound)) }
        for campaign in campaigns {
            let total = call.scene.numbers(of: campaign, within: span).total
            sum = sum + total
            value += total[repeats ? .opportunities : .interested] * campaign.opportunityValue
        }
        let count = sum[repeats ? .opportunities : .interested]
        return .json(
            totals(sum, opens: .opens).with(opportunities(count, value)).with(outcomes(sum, repeats: repeats))
        )
    }

    /// The numbers that both speak of; `open_count` alone means leads in one and events in the other.
    private static func totals(_ tally: Counts, opens: Count) -> JSON {
        [
            "contacted_count": .int(tally[.contacted]), "emails_sent_count": .int(tally[.sent]),
            "new_leads_contacted_count": .int(tally[.contacted]), "open_count": .int(tally[opens]),
            "open_count_unique": .int(tally[.leadsOpened]), "open_count_unique_by_step": .int(tally[.opened]),
            "reply_count": .int(tally[.replies]), "reply_count_unique": .int(tally[.leadsReplied]),
            "reply_count_unique_by_step": .int(tally[.replied]),
            "reply_count_automatic": .int(tally[.automaticReplies]),
            "reply_count_automatic_unique": .int(tally[.leadsRepliedAutomatically]),
            "reply_count_automatic_unique_by_step": .int(tally[.repliedAutomatically]),
            "link_click_count": .int(tally[.clicks]), "link_click_count_unique": .int(tally[.leadsClicked]),
            "link_click_count_unique_by_step": .int(tally[.clicked]), "bounced_count": .int(tally[.bounced]),
            "unsubscribed_count": .int(tally[.unsubscribed]), "completed_count": .int(tally[.leadsCompleted]),
        ]
    }

    private static func opportunities(_ count: Int, _ value: Int) -> JSON {
        ["total_opportunities": .int(count), "total_opportunity_value": .int(value)]
    }

    /// What became of the leads: first occurrences, or with the later ones of the same leads.
    private static func outcomes(_ tally: Counts, repeats: Bool) -> JSON {
        let counted = { (count: Count) in JSON.int(tally[count] + (repeats ? tally[count] / 4 : 0)) }
        return [
            "total_interested": counted(.interested), "total_meeting_booked": counted(.meetingsBooked),
            "total_meeting_completed": counted(.meetingsCompleted), "total_closed": counted(.won),
        ]
    }
}

extension InstantlyServer {
    private struct Row: Hashable {
        let step: Int?
        let variant: Int?
    }

    /// `GET /api/v2/campaigns/analytics/steps`: a row per step and variant, of one campaign or summed over all.
    static func steps(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let span = try call.instantlySpan()
        var order: [Row] = []
        var sums: [Row: Counts] = [:]
        for campaign in try call.instantlyCampaigns("campaign_id") {
            for (cell, tally) in zip(campaign.cells, call.scene.numbers(of: campaign, within: span).cells) {
                let row = Row(step: cell.step, variant: cell.variant)
                if sums[row] == nil { order.append(row) }
                sums[row, default: Counts()] = sums[row, default: Counts()] + tally
            }
        }
        let withOpportunities = call.query("include_opportunities_count") == "true"
        return .json(.array(order.map { step($0, sums[$0] ?? Counts(), withOpportunities) }))
    }

    private static func step(_ row: Row, _ tally: Counts, _ withOpportunities: Bool) -> JSON {
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
    static func daily(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        _ = try call.instantlySpan()
        let days = call.days(from: call.query("start_date"), to: call.query("end_date"))
        return .json(.array(days.rows(of: try call.instantlyCampaigns("campaign_id"), in: call).map(day)))
    }

    private static func day(_ date: String, _ tally: Counts) -> JSON {
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
