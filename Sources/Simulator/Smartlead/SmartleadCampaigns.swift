// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension SmartleadServer {
    /// `GET /campaigns/`: a bare array without numbers.
    static func campaigns(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let rows = try page(call.snapshot.campaigns, call).map { campaign -> JSON in
            [
                "id": .int(campaign.number), "user_id": 1, "created_at": call.timestamp(campaign.created),
                "updated_at": call.timestamp(call.snapshot.updated(campaign)),
                "status": .string(status(call.snapshot.state(of: campaign))), "name": .string(campaign.name),
                "track_settings": [], "max_leads_per_day": .int(Int(campaign.leadsPerDay)),
                "parent_campaign_id": nil, "client_id": nil, "tags": [],
            ]
        }
        return .json(.array(rows))
    }

    private static func status(_ state: CampaignState) -> String {
        switch state {
        case .draft: "DRAFTED"
        case .active, .runningSubsequences, .failing: "ACTIVE"
        case .paused, .accountSuspended, .accountsUnhealthy, .bounceProtect: "PAUSED"
        case .completed: "COMPLETED"
        case .archived: "STOPPED"
        }
    }

    /// `GET /analytics/campaign/overall-stats`: the campaigns that have sent.
    static func overall(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard call.query("start_date") != nil, call.query("end_date") != nil else {
            throw bad("\"start_date\" is required")
        }
        let sent = call.snapshot.campaigns.filter { call.snapshot.statistics(of: $0).total[.sent] > 0 }
        let rows = try page(sent, call).map { campaign -> JSON in
            let total = call.snapshot.statistics(of: campaign).total
            return [
                "id": .int(campaign.number), "campaign_name": .string(campaign.name), "sent": .int(total[.sent]),
                "opened": .int(total[.opened]), "replied": .int(total[.leadsReplied]),
                "bounced": .int(total[.bounced]), "positive_replied": .int(total[.interested]),
                "unique_lead_count": .int(total[.contacted]), "unique_open_count": .int(total[.leadsOpened]),
                "open_rate": "0.00%",
            ]
        }
        return .json(["success": true, "data": ["campaign_wise_performance": .array(rows)]])
    }

    /// `GET /campaigns/{id}/analytics`: nothing at all for a campaign that does not exist.
    static func analytics(_ call: APIRequest) -> ProviderResponse {
        guard let campaign = call.snapshot.campaign(call.id) else { return .json([:]) }
        let numbers = call.snapshot.statistics(of: campaign)
        let total = numbers.total
        return .json([
            "id": .int(campaign.number), "name": .string(campaign.name),
            "status": .string(status(call.snapshot.state(of: campaign))),
            "created_at": call.timestamp(campaign.created), "sent_count": text(total[.sent]),
            "unique_sent_count": text(total[.contacted]), "open_count": text(total[.opens]),
            "unique_open_count": text(total[.leadsOpened]), "click_count": text(total[.clicks]),
            "unique_click_count": text(total[.leadsClicked]), "reply_count": text(total[.leadsReplied]),
            "bounce_count": text(total[.bounced]), "block_count": "0",
            "unsubscribed_count": text(total[.unsubscribed]), "total_count": text(total[.sent]), "drafted_count": "0",
            "sequence_count": .string("1"), "tags": [], "client_id": nil, "parent_campaign_id": nil,
            "campaign_lead_stats": leads(numbers, campaign),
        ])
    }

    private static func leads(_ numbers: CampaignStatistics, _ campaign: SimulatedCampaign) -> JSON {
        let total = numbers.total
        let completed = min(total[.contacted], total[.leadsCompleted] + total[.leadsReplied])
        return [
            "total": .int(numbers.leads), "notStarted": .int(max(0, numbers.leads - total[.contacted])),
            "inprogress": .int(total[.contacted] - completed), "completed": .int(completed), "paused": 0, "stopped": 0,
            "blocked": 0, "interested": .int(total[.interested]),
            "revenue": .int(total[.won] * campaign.opportunityValue),
        ]
    }

    /// `GET /campaigns/{id}/sequence-analytics`: the totals of a range by step, over all variants.
    static func steps(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let campaign = call.snapshot.campaign(call.id) else {
            return .json(["ok": true, "data": []])
        }
        let dates = ["start_date", "end_date"].map { call.query($0).flatMap(date) }
        guard let start = dates[0], let end = dates[1] else { throw bad("\"start_date\" must be a date with a time") }
        let range = DateRange(from: call.clock.instant(of: start), to: call.clock.instant(of: end))
        let numbers = call.snapshot.statistics(of: campaign, within: range)
        let sums = zip(campaign.variants, numbers.variants).reduce(into: [Int: Counts]()) { sums, variant in
            sums[variant.0.step ?? 0] = (sums[variant.0.step ?? 0] ?? Counts()) + variant.1
        }
        let rows = sums.sorted { $0.key < $1.key }.map { step, counts -> JSON in
            [
                "email_campaign_seq_id": stepID(step, of: campaign), "sent_count": .int(counts[.sent]),
                "skipped_count": 0, "open_count": .int(counts[.opens]), "click_count": .int(counts[.clicks]),
                "reply_count": .int(counts[.replied]), "bounce_count": .int(counts[.bounced]),
                "unsubscribed_count": .int(counts[.unsubscribed]), "failed_count": 0, "stopped_count": 0,
                "positive_reply_count": .int(counts[.interested]), "ln_connection_req_pending_count": 0,
            ]
        }
        return .json(["ok": true, "data": .array(rows)])
    }

    /// Seconds since 1970 of `2026-05-11 23:59:59`.
    private static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 2 else { return nil }
        return Date(sent: "\(parts[0])T\(parts[1])Z")?.timeIntervalSince1970
    }

    private static func stepID(_ step: Int, of campaign: SimulatedCampaign) -> JSON {
        .int(campaign.number * 100 + step + 1)
    }

    /// `GET /campaigns/{id}/sequences`: the steps with their variants.
    static func sequences(_ call: APIRequest) -> ProviderResponse {
        guard let campaign = call.snapshot.campaign(call.id) else { return .json([]) }
        let steps = Dictionary(grouping: campaign.variants) { $0.step ?? 0 }.sorted { $0.key < $1.key }
        return .json(
            .array(
                steps.map { step, variants in
                    let rows = variants.indices.map { index -> JSON in
                        ["id": .int(index + 1), "variant_label": .string(["A", "B", "C", "D"][index % 4])]
                    }
                    return [
                        "id": stepID(step, of: campaign), "seq_number": .int(step + 1), "subject": "…",
                        "seq_delay_details": ["delayInDays": 2],
                        "sequence_variants": variants.count > 1 ? .array(rows) : .null,
                    ]
                }
            )
        )
    }

    /// `GET /analytics/day-wise-overall-stats`: the days of the campaigns that are named, or of all.
    static func days(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        guard let first = call.query("start_date"), let last = call.query("end_date").flatMap(Date.init(sent:)) else {
            throw bad("\"start_date\" is required")
        }
        let ids = call.query("campaign_ids")?.split(separator: ",").map(String.init)
        let campaigns = ids.map { $0.compactMap(call.snapshot.campaign) } ?? call.snapshot.campaigns
        let end = Date(timeIntervalSince1970: last.timeIntervalSince1970 + .day)
        let rows = call.dailyCounts(of: campaigns, from: first, to: end.timestamp).map { date, counts -> JSON in
            [
                "date": .string(date), "sent": .int(counts[.sent]),
                "email_engagement_metrics": [
                    "sent": .int(counts[.sent]), "opened": .int(counts[.opened]),
                    "replied": .int(counts[.leadsReplied]), "bounced": .int(counts[.bounced]),
                ],
            ]
        }
        return .json(["success": true, "data": ["day_wise_stats": .array(rows)]])
    }
}

extension SmartleadServer {
    /// `GET /email-accounts/`: every mailbox, its passwords included.
    static func mailboxes(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let all = Array(zip(call.snapshot.mailboxes, call.snapshot.mailboxStatistics()))
        return .json(.array(try page(all, call).map { mailbox($0.0, $0.1, call) }))
    }

    private static func mailbox(_ mailbox: SimulatedMailbox, _ numbers: MailboxStatistics, _ call: APIRequest) -> JSON {
        let warmup = numbers.warmupTotal
        let details: JSON = [
            "status": "ACTIVE", "total_sent_count": .int(warmup.sent), "total_spam_count": .int(warmup.spam),
            "warmup_reputation": .string("\(numbers.healthScore ?? 0)%"), "is_warmup_blocked": false,
        ]
        return [
            "id": .int(mailbox.index + 1), "created_at": call.timestamp(mailbox.created),
            "from_name": .string("\(mailbox.firstName) \(mailbox.lastName)"), "from_email": .string(mailbox.address),
            "username": .string(mailbox.address), "password": "pw_Smtp5Nh", "imap_password": "pw_Imap5Nh",
            "type": .string(["GMAIL", "OUTLOOK", "SMTP"][mailbox.host]),
            "is_smtp_success": .bool(mailbox.state != .failing), "is_imap_success": true,
            "is_suspended": .bool(mailbox.state == .paused), "message_per_day": .int(mailbox.dailyLimit),
            "daily_sent_count": .int(numbers.sentToday), "campaign_count": 3, "client_id": nil,
            "warmup_details": mailbox.isWarming ? details : .null,
        ]
    }

    /// `GET /analytics/mailbox/name-wise-health-metrics`: the totals of every mailbox.
    static func health(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let all = Array(zip(call.snapshot.mailboxes, call.snapshot.mailboxStatistics()))
        let rows = try page(all, call).map { mailbox, numbers -> JSON in
            [
                "from_email": .string(mailbox.address), "sent": text(numbers.sent), "opened": text(numbers.sent / 2),
                "replied": text(numbers.received), "positive_replied": text(numbers.received / 4),
                "bounced": text(numbers.bounced), "unique_lead_count": text(numbers.sent * 2 / 5),
            ]
        }
        return .json(["success": true, "data": ["email_health_metrics": .array(rows)]])
    }
}
