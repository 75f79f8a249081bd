// SPDX-License-Identifier: Apache-2.0

extension InstantlyServer {
    /// `GET /api/v2/campaigns`.
    static func campaigns(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaigns = listed(call)
        var offset = 0
        if let cursor = call.query("starting_after") {
            guard Identifier.isUUID(cursor) else { throw invalid("params/id must match format \"uuid\"") }
            offset = (campaigns.firstIndex { $0.id == cursor } ?? campaigns.count) + 1
        }
        return try page(of: campaigns, from: offset, call, cursor: \.id) { campaign($0, call) }
    }

    private static func listed(_ call: APIRequest) -> [SimulatedCampaign] {
        let status = call.query("status").flatMap { Int($0) }
        let excluded = call.query("exclude_status").flatMap { Int($0) }
        let search = call.query("search")?.lowercased()
        return call.snapshot.campaigns.filter { campaign in
            let state = call.snapshot.state(of: campaign).instantlyStatus
            return (status ?? state) == state && excluded != state
                && (search.map { campaign.name.lowercased().contains($0) } ?? true)
        }
    }

    private static func campaign(_ campaign: SimulatedCampaign, _ call: APIRequest) -> JSON {
        let state = call.snapshot.state(of: campaign)
        return [
            "id": .string(campaign.id), "name": .string(campaign.name),
            "status": .int(state.instantlyStatus), "is_evergreen": .bool(campaign.isEvergreen),
            "pl_value": .int(campaign.opportunityValue), "campaign_schedule": schedule(campaign),
            "sequences": [["steps": .array(sequence(campaign))]],
            "timestamp_created": call.timestamp(campaign.created),
            "timestamp_updated": call.timestamp(call.snapshot.updated(campaign)),
            "email_list": .array(call.snapshot.mailboxes.prefix(3).map { .string($0.address) }),
            "daily_limit": .int(Int(campaign.leadsPerDay) * 2), "link_tracking": true, "open_tracking": true,
            "not_sending_status": (state.isSending ? campaign.standstill?.code : 1).map { .int($0) } ?? nil,
        ]
    }

    private static func schedule(_ campaign: SimulatedCampaign) -> JSON {
        let hour = Int(campaign.hours.startOfWork / .hour)
        let timing: JSON = [
            "from": .string((hour < 10 ? "0" : "") + "\(hour):00"), "to": .string("\((hour + 8) % 24):00"),
        ]
        let days: JSON = ["1": true, "2": true, "3": true, "4": true, "5": true]
        return [
            "start_date": nil, "end_date": nil,
            "schedules": [["name": "Working days", "timing": timing, "days": days, "timezone": "Etc/UTC"]],
        ]
    }

    private static func sequence(_ campaign: SimulatedCampaign) -> [JSON] {
        let variants = Dictionary(grouping: campaign.variants.filter { $0.step != nil }) { $0.step ?? 0 }
        return variants.sorted { $0.key < $1.key }.map { step, variants in
            [
                "type": "email", "delay": 2, "delay_unit": "days",
                "variants": .array(
                    variants.map { _ in ["subject": .string("Step \(step + 1)"), "body": "…", "v_disabled": false] }
                ),
            ]
        }
    }
}

extension InstantlyServer {
    /// `GET /api/v2/campaigns/analytics`: one row per campaign that has ever sent, without pages.
    static func analytics(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let span = try call.instantlySpan()
        let excludesLeads = call.query("exclude_total_leads_count") == "true"
        let rows = try call.instantlyCampaigns("id", "ids").map { campaign in
            let numbers = call.snapshot.statistics(of: campaign, within: span)
            let identity: JSON = [
                "campaign_name": .string(campaign.name), "campaign_id": .string(campaign.id),
                "campaign_status": .int(call.snapshot.state(of: campaign).instantlyStatus),
                "campaign_is_evergreen": .bool(campaign.isEvergreen),
            ]
            return identity.with(excludesLeads ? [:] : ["leads_count": .int(numbers.leads)])
                .with(totals(numbers.total, opens: .leadsOpened))
                .with(opportunities(numbers.total[.interested], campaign.opportunityValue * numbers.total[.interested]))
        }
        return .json(.array(rows))
    }

    /// `GET /api/v2/campaigns/analytics/overview`: the campaigns named, or all, in one object.
    static func overview(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let span = try call.instantlySpan()
        let repeats = call.query("expand_crm_events") == "true"
        var (sum, value) = (Counts(), 0)
        let campaigns = try call.instantlyCampaigns("id", "ids")
        guard call.knowsInstantlyCampaigns("id", "ids") else { throw ResponseError(response: errorResponse(.notFound)) }
        for campaign in campaigns {
            let total = call.snapshot.statistics(of: campaign, within: span).total
            sum = sum + total
            value += total[repeats ? .opportunities : .interested] * campaign.opportunityValue
        }
        let count = sum[repeats ? .opportunities : .interested]
        return .json(
            totals(sum, opens: .opens).with(opportunities(count, value)).with(outcomes(sum, repeats: repeats))
        )
    }

    /// The fields that rows and overview share; `open_count` counts leads in the rows and events in the overview.
    private static func totals(_ counts: Counts, opens: Count) -> JSON {
        [
            "contacted_count": .int(counts[.contacted]), "emails_sent_count": .int(counts[.sent]),
            "new_leads_contacted_count": .int(counts[.contacted]), "open_count": .int(counts[opens]),
            "open_count_unique": .int(counts[.leadsOpened]), "open_count_unique_by_step": .int(counts[.opened]),
            "reply_count": .int(counts[.replies]), "reply_count_unique": .int(counts[.leadsReplied]),
            "reply_count_unique_by_step": .int(counts[.replied]),
            "reply_count_automatic": .int(counts[.automaticReplies]),
            "reply_count_automatic_unique": .int(counts[.leadsRepliedAutomatically]),
            "reply_count_automatic_unique_by_step": .int(counts[.repliedAutomatically]),
            "link_click_count": .int(counts[.clicks]), "link_click_count_unique": .int(counts[.leadsClicked]),
            "link_click_count_unique_by_step": .int(counts[.clicked]), "bounced_count": .int(counts[.bounced]),
            "unsubscribed_count": .int(counts[.unsubscribed]), "completed_count": .int(counts[.leadsCompleted]),
        ]
    }

    private static func opportunities(_ count: Int, _ value: Int) -> JSON {
        ["total_opportunities": .int(count), "total_opportunity_value": .int(value)]
    }

    /// The leads' outcomes: first occurrences, or with `repeats` later ones of the same leads too.
    private static func outcomes(_ counts: Counts, repeats: Bool) -> JSON {
        let counted = { (count: Count) in JSON.int(counts[count] + (repeats ? counts[count] / 4 : 0)) }
        return [
            "total_interested": counted(.interested), "total_meeting_booked": counted(.meetingsBooked),
            "total_meeting_completed": counted(.meetingsCompleted), "total_closed": counted(.won),
        ]
    }
}

extension InstantlyServer {
    private struct Row: Hashable {
        let step: Int?
        let variantIndex: Int?
    }

    /// `GET /api/v2/campaigns/analytics/steps`: a row per step and variant, of one campaign or summed over all.
    static func steps(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let span = try call.instantlySpan()
        var order: [Row] = []
        var sums: [Row: Counts] = [:]
        for campaign in try call.instantlyCampaigns("campaign_id") {
            let numbers = call.snapshot.statistics(of: campaign, within: span)
            for (variant, counts) in zip(campaign.variants, numbers.variants) {
                let row = Row(step: variant.step, variantIndex: variant.variantIndex)
                if sums[row] == nil { order.append(row) }
                sums[row, default: Counts()] = sums[row, default: Counts()] + counts
            }
        }
        let withOpportunities = call.query("include_opportunities_count") == "true"
        return .json(.array(order.map { step($0, sums[$0] ?? Counts(), withOpportunities) }))
    }

    private static func step(_ row: Row, _ counts: Counts, _ withOpportunities: Bool) -> JSON {
        let fields: JSON = [
            "step": .optional(row.step.map { String($0 + 1) }), "variant": .optional(row.variantIndex.map(String.init)),
        ]
        guard withOpportunities else { return fields.with(messages(counts)) }
        return fields.with(messages(counts)).with([
            "opportunities": .int(counts[.opportunities]), "unique_opportunities": .int(counts[.interested]),
            "meetings_booked": .int(counts[.meetingsBooked]), "won": .int(counts[.won]),
        ])
    }

    /// `GET /api/v2/campaigns/analytics/daily`: a row per day with activity, of the last thirty unless dates are given.
    static func daily(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        _ = try call.instantlySpan()
        let days = call.dailyCounts(
            of: try call.instantlyCampaigns("campaign_id"),
            from: call.query("start_date"),
            to: call.query("end_date")
        )
        return .json(.array(days.map(day)))
    }

    private static func day(_ date: String, _ counts: Counts) -> JSON {
        let fields: JSON = [
            "date": .string(date), "contacted": .int(counts[.contacted]),
            "new_leads_contacted": .int(counts[.contacted]), "opportunities": .int(counts[.opportunities]),
            "unique_opportunities": .int(counts[.interested]),
        ]
        return fields.with(messages(counts))
    }

    /// The numbers of messages that the rows of steps, days and mailboxes have.
    static func messages(_ counts: Counts) -> JSON {
        [
            "sent": .int(counts[.sent]), "opened": .int(counts[.opens]), "unique_opened": .int(counts[.opened]),
            "replies": .int(counts[.replies]), "unique_replies": .int(counts[.replied]),
            "replies_automatic": .int(counts[.automaticReplies]),
            "unique_replies_automatic": .int(counts[.repliedAutomatically]), "clicks": .int(counts[.clicks]),
            "unique_clicks": .int(counts[.clicked]),
        ]
    }
}
