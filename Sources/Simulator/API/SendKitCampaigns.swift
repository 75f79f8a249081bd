// SPDX-License-Identifier: Apache-2.0

extension SendKitServer {
    /// `GET /v1/campaigns`: the newer version's rows and paging.
    static func campaigns(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        let (status, search) = (call.query("status"), call.query("search")?.lowercased())
        let rows = call.scene.campaigns.filter { campaign in
            let state = call.scene.state(of: campaign).sendKitStatus
            return (status ?? state) == state
                && (search.map { campaign.name.lowercased().contains($0) } ?? true)
        }
        let page = try SendKitPage(of: rows, call)
        return .json([
            "success": true, "data": .array(page.rows.map { row($0, call) }), "pagination": page.pagination,
        ])
    }

    private static func row(_ campaign: CampaignPlan, _ call: APIRequest) -> JSON {
        let numbers = call.scene.numbers(of: campaign)
        return [
            "_id": .string(campaign.id), "name": .string(campaign.name),
            "status": .string(call.scene.state(of: campaign).sendKitStatus),
            "stats": [
                "totalLeads": .int(numbers.leads), "contacted": .int(numbers.total[.contacted]),
                "contactedLeads": .int(numbers.total[.contacted]), "totalEmailsSent": .int(numbers.total[.sent]),
            ],
            "createdAt": call.timestamp(campaign.created),
        ]
    }

    /// `GET /v1/campaigns/{id}/analytics`: all time, or the span of `from` and `to`.
    static func analytics(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let campaign = call.scene.campaign(call.id) else { throw Refusal(answer: refusal(.notFound)) }
        let wrong = error(400, "Bad Request", "Invalid date range")
        let span = try DateRange(from: call.query("from"), to: call.query("to"), call.clock, or: wrong)
        let numbers = call.scene.numbers(of: campaign, within: span)
        let state = call.scene.state(of: campaign)
        return success([
            "campaign": [
                "id": .string(campaign.id), "name": .string(campaign.name),
                "status": .string(state.sendKitStatus),
                "startedAt": state == .draft ? nil : call.timestamp(campaign.started),
            ],
            "stats": stats(numbers.total), "stepAnalytics": .array(steps(campaign, numbers)),
            "statusBreakdown": breakdown(numbers, state), "totalReplied": .int(numbers.total[.leadsReplied]),
        ])
    }

    /// `GET /v1/analytics/daily/campaigns/{id}`: a row per day with activity, of the last thirty unless dates are given.
    static func daily(_ call: APIRequest) throws(Refusal) -> SimulatedResponse {
        guard let campaign = call.scene.campaign(call.id) else { throw Refusal(answer: refusal(.notFound)) }
        let wrong = error(400, "Bad Request", "Invalid date range")
        _ = try DateRange(from: call.query("from"), to: call.query("to"), call.clock, or: wrong)
        let rows = call.days(from: call.query("from"), to: call.query("to")).rows(of: [campaign], in: call)
        return success(.array(rows.map(day)))
    }

    private static func day(_ date: String, _ tally: Counts) -> JSON {
        [
            "_id": .string(date), "sent": .int(tally[.sent]), "opened": .int(tally[.opened]),
            "clicked": .int(tally[.clicked]), "bounced": .int(tally[.bounced]), "replied": .int(tally[.replied]),
            "positiveReplied": .int(tally[.interested]),
        ]
    }

    private static func stats(_ total: Counts) -> JSON {
        [
            "sent": .int(total[.sent]), "delivered": .int(total[.delivered]), "opened": .int(total[.opened]),
            "clicked": .int(total[.clicked]), "replied": .int(total[.replied]), "bounced": .int(total[.bounced]),
            "unsubscribed": .int(total[.unsubscribed]),
        ]
    }

    /// The steps that have sent.
    private static func steps(_ campaign: CampaignPlan, _ numbers: CampaignNumbers) -> [JSON] {
        zip(campaign.cells, numbers.cells).filter { !$1.isEmpty }.map { cell, tally in
            [
                "_id": ["sequenceStep": .int(cell.step ?? 0), "variant": .optional(cell.letter)],
                "sent": .int(tally[.sent]), "opened": .int(tally[.opened]), "clicked": .int(tally[.clicked]),
                "bounced": .int(tally[.bounced]),
            ]
        }
    }

    /// Every lead under exactly one status; a status without leads is missing.
    private static func breakdown(_ numbers: CampaignNumbers, _ state: CampaignState) -> JSON {
        let total = numbers.total
        var rest = numbers.leads
        let take = { (count: Int) in
            let taken = max(0, min(count, rest))
            rest -= taken
            return taken
        }
        let statuses = [
            ("replied", take(total[.leadsReplied])), ("bounced", take(total[.bounced])),
            ("unsubscribed", take(total[.unsubscribed])), ("pending", take(numbers.leads - total[.contacted])),
            ("completed", take(total[.leadsCompleted])), ("removed", take(total[.contacted] / 50)),
            (state == .paused ? "paused" : "active", take(.max)),
        ]
        return .object(statuses.filter { $0.1 > 0 }.map { ($0.0, .int($0.1)) })
    }
}

extension CampaignState {
    /// SendKit's word for it.
    fileprivate var sendKitStatus: String {
        switch self {
        case .draft: "draft"
        case .active, .runningSubsequences, .failing: "active"
        case .paused, .accountSuspended, .accountsUnhealthy, .bounceProtect: "paused"
        case .completed: "completed"
        case .archived: "archived"
        }
    }
}
