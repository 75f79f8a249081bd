// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension EmailBisonServer {
    /// `GET /api/campaigns`: a row has all totals.
    static func campaigns(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        try page(call.snapshot.campaigns, call) { campaign($0, call) }
    }

    private static func campaign(_ campaign: SimulatedCampaign, _ call: APIRequest) -> JSON {
        let numbers = call.snapshot.statistics(of: campaign)
        let total = numbers.total
        return [
            "id": .int(campaign.number), "name": .string(campaign.name), "type": "outbound",
            "status": .string(status(campaign, call)), "emails_sent": .int(total[.sent]),
            "opened": .int(total[.opens]), "unique_opens": .int(total[.leadsOpened]),
            "replied": .int(total[.replies]), "unique_replies": .int(total[.leadsReplied]),
            "bounced": .int(total[.bounced]), "unsubscribed": .int(total[.unsubscribed]),
            "interested": .int(total[.interested]), "total_leads_contacted": .int(total[.contacted]),
            "total_leads": .int(numbers.leads), "max_emails_per_day": .int(Int(campaign.leadsPerDay) * 2),
            "max_new_leads_per_day": .int(Int(campaign.leadsPerDay)), "plain_text": true, "open_tracking": true,
            "can_unsubscribe": true, "created_at": call.timestamp(campaign.created),
            "updated_at": call.timestamp(call.snapshot.updated(campaign)),
            "tags": .array(campaign.labels.map { ["id": 1, "name": .string($0), "default": false] }),
        ]
    }

    /// Capitalized as in the reference, and in lower case as in the wild.
    private static func status(_ campaign: SimulatedCampaign, _ call: APIRequest) -> String {
        let name =
            switch call.snapshot.state(of: campaign) {
            case .draft: "Draft"
            case .active, .runningSubsequences: "Active"
            case .paused, .accountSuspended, .accountsUnhealthy, .bounceProtect: "Paused"
            case .completed: "Completed"
            case .archived: "Archived"
            case .failing: "Failed"
            }
        return campaign.index % 2 == 0 ? name : name.lowercased()
    }

    private struct Span: Decodable {
        let start_date, end_date: String?
    }

    /// `POST /api/campaigns/{id}/stats`: the totals of a range, whose last day is included; a draft has none.
    static func stats(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try launched(call)
        let span = call.body(Span.self)
        guard let first = span?.start_date.flatMap(Date.init(sent:)) else { throw invalid("start_date") }
        guard let last = span?.end_date.flatMap(Date.init(sent:)) else { throw invalid("end_date") }
        let range = DateRange(
            from: call.clock.instant(of: first.timeIntervalSince1970),
            to: call.clock.instant(of: last.timeIntervalSince1970 + .day)
        )
        let numbers = call.snapshot.statistics(of: campaign, within: range)
        let steps = zip(campaign.variants.indices, numbers.variants).map { step(stepID($0, of: campaign), $1) }
        return .json(["data": summary(numbers.total).with(["sequence_step_stats": .array(steps)])])
    }

    /// A campaign that is no draft.
    private static func launched(_ call: APIRequest) throws(ResponseError) -> SimulatedCampaign {
        let campaign = try call.campaign(or: errorResponse(.notFound))
        guard call.snapshot.state(of: campaign) != .draft else {
            let body: JSON = ["data": ["success": false, "message": "The campaign is a draft."]]
            throw ResponseError(response: .json(body, status: 400))
        }
        return campaign
    }

    /// Every number is a text.
    private static func summary(_ total: Counts) -> JSON {
        let counts = [
            ("emails_sent", total[.sent]), ("total_leads_contacted", total[.contacted]), ("opened", total[.opens]),
            ("unique_opens_per_contact", total[.leadsOpened]), ("unique_replies_per_contact", total[.leadsReplied]),
            ("bounced", total[.bounced]), ("unsubscribed", total[.unsubscribed]), ("interested", total[.interested]),
        ]
        return .object(counts.map { ($0.0, .string(String($0.1))) })
    }

    private static func step(_ id: JSON, _ counts: Counts) -> JSON {
        [
            "sequence_step_id": id, "email_subject": "…", "sent": .int(counts[.sent]),
            "leads_contacted": .int(counts[.sent]), "unique_opens": .int(counts[.opened]),
            "unique_replies": .int(counts[.replied]), "unsubscribed": .int(counts[.unsubscribed]),
            "bounced": .int(counts[.bounced]), "interested": .int(counts[.interested]),
        ]
    }

    private static func stepID(_ index: Int, of campaign: SimulatedCampaign) -> JSON {
        .int(campaign.number * 1_000 + index + 1)
    }

    /// `GET /api/campaigns/v1.1/{id}/sequence-steps`: a variant is a step of its own.
    static func sequence(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try launched(call)
        let steps = campaign.variants.enumerated().map { index, variant -> JSON in
            let parent = campaign.variants.firstIndex { $0.step == variant.step } ?? index
            return [
                "id": stepID(index, of: campaign), "active": true, "email_subject": "…", "email_body": "…",
                "order": .string(String((variant.step ?? 0) + 1)), "wait_in_days": "3", "thread_reply": false,
                "variant": .bool(parent != index),
                "variant_from_step_id": parent == index ? nil : stepID(parent, of: campaign),
            ]
        }
        return .json(["data": ["sequence_id": .int(campaign.number), "sequence_steps": .array(steps)]])
    }

    /// `GET /api/campaigns/{id}/line-area-chart-stats`: a curve for each number, with the days that have any.
    static func chart(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try call.campaign(or: errorResponse(.notFound))
        guard let first = call.query("start_date"), Date(sent: first) != nil else { throw invalid("start_date") }
        guard let last = call.query("end_date").flatMap(Date.init(sent:)) else { throw invalid("end_date") }
        let end = Date(timeIntervalSince1970: last.timeIntervalSince1970 + .day)
        let days = call.dailyCounts(of: [campaign], from: first, to: end.timestamp)
        let curves: [(String, Count)] = [
            ("Replied", .leadsReplied), ("Total Opens", .opens), ("Unique Opens", .leadsOpened), ("Sent", .sent),
            ("Bounced", .bounced), ("Unsubscribed", .unsubscribed), ("Interested", .interested),
        ]
        return .json([
            "data": .array(
                curves.map { label, count in
                    let points = days.map { JSON.array([.string($0.date), .int($0.counts[count])]) }
                    return ["label": .string(label), "color": "#3b82f6", "dates": .array(points)]
                }
            )
        ])
    }

    /// `GET /api/campaigns/sending-schedules`: a row per campaign that sends on the day.
    static func schedules(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let days = ["today", "tomorrow", "day_after_tomorrow"]
        guard let day = call.query("day").flatMap(days.firstIndex) else { throw invalid("day") }
        let sending = call.snapshot.campaigns.filter { call.snapshot.state(of: $0).isSending }
        return try page(sending, call) { campaign in
            [
                "campaign_id": .int(campaign.number), "status": 4,
                "emails_being_sent": .int(Int(campaign.leadsPerDay) * (4 - day)),
            ]
        }
    }
}
