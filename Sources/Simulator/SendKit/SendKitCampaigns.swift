// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

extension SendKitServer {
    /// `GET /v1/campaigns`: the newer version's rows and paging.
    static func campaigns(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let (status, search) = (call.query("status"), call.query("search")?.lowercased())
        let rows = call.snapshot.campaigns.filter { campaign in
            let state = call.snapshot.state(of: campaign).sendKitStatus
            return (status ?? state) == state
                && (search.map { campaign.name.lowercased().contains($0) } ?? true)
        }
        return try SendKitPage(of: rows, call).response { row($0, call) }
    }

    private static func row(_ campaign: SimulatedCampaign, _ call: APIRequest) -> JSON {
        let numbers = call.snapshot.statistics(of: campaign)
        return [
            "_id": .string(campaign.id), "name": .string(campaign.name),
            "status": .string(call.snapshot.state(of: campaign).sendKitStatus),
            "stats": [
                "totalLeads": .int(numbers.leads), "contacted": .int(numbers.total[.contacted]),
                "contactedLeads": .int(numbers.total[.contacted]), "totalEmailsSent": .int(numbers.total[.sent]),
            ],
            "createdAt": call.timestamp(campaign.created),
        ]
    }

    /// `GET /v1/workspaces`: the one that the key opens.
    static func workspaces(_ call: APIRequest) -> ProviderResponse {
        let workspace = call.request.header("x-workspace-id") ?? call.snapshot.world.teamID
        return success([
            [
                "id": .string(workspace), "name": "Northwind", "ownerId": .string(call.snapshot.world.userIDs[0]),
                "memberCount": 2, "createdAt": call.timestamp(call.snapshot.world.epoch - 400 * .day),
                "usage": [
                    "totalCampaigns": .int(call.snapshot.world.campaigns.count),
                    "totalLeads": .int(call.snapshot.leads),
                    "totalMailboxes": .int(call.snapshot.mailboxes.count),
                    "totalEmailsSent": .int(call.snapshot.messagesSent),
                ],
            ]
        ])
    }

    /// `GET /v1/campaigns/{id}/analytics`: all time, or the span of `from` and `to`.
    static func analytics(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try call.campaign(or: errorResponse(.notFound))
        let wrong = error(400, "Bad Request", "Invalid date range")
        let span = try DateRange(from: call.query("from"), to: call.query("to"), call, or: wrong)
        let numbers = call.snapshot.statistics(of: campaign, within: span)
        let state = call.snapshot.state(of: campaign)
        return success([
            "campaign": [
                "id": .string(campaign.id), "name": .string(campaign.name),
                "status": .string(state.sendKitStatus),
                "startedAt": state == .draft ? nil : call.timestamp(campaign.started),
            ],
            "stats": stats(numbers.total), "stepAnalytics": .array(steps(campaign, numbers)),
            "statusBreakdown": breakdown(numbers, state), "totalReplied": .int(numbers.total[.leadsReplied]),
            "totalPositiveReplied": .int(numbers.total[.interested]),
        ])
    }

    /// `GET /v1/analytics/daily/campaigns/{id}`: a row per day with activity, of the last thirty unless dates are
    /// given.
    static func daily(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try call.campaign(or: errorResponse(.notFound))
        let wrong = error(400, "Bad Request", "Invalid date range")
        _ = try DateRange(from: call.query("from"), to: call.query("to"), call, or: wrong)
        let rows = call.dailyCounts(of: [campaign], from: call.query("from"), to: call.query("to"))
        return success(.array(rows.map(day)))
    }

    private static func day(_ date: String, _ counts: Counts) -> JSON {
        [
            "_id": .string(date), "sent": .int(counts[.sent]), "opened": .int(counts[.opened]),
            "clicked": .int(counts[.clicked]), "bounced": .int(counts[.bounced]), "replied": .int(counts[.replied]),
            "positiveReplied": .int(counts[.interested]),
        ]
    }

    private static func stats(_ total: Counts) -> JSON {
        [
            "sent": .int(total[.sent]), "delivered": .int(total[.delivered]), "opened": .int(total[.opened]),
            "clicked": .int(total[.clicked]), "replied": .int(total[.replied]), "bounced": .int(total[.bounced]),
            "unsubscribed": .int(total[.unsubscribed]),
        ]
    }

    private static func steps(_ campaign: SimulatedCampaign, _ numbers: CampaignStatistics) -> [JSON] {
        zip(campaign.variants, numbers.variants).filter { !$1.isEmpty }.map { variant, counts in
            [
                "_id": ["sequenceStep": .int(variant.step ?? 0), "variant": .optional(variant.letter)],
                "sent": .int(counts[.sent]), "opened": .int(counts[.opened]), "clicked": .int(counts[.clicked]),
                "bounced": .int(counts[.bounced]),
            ]
        }
    }

    /// Every lead under exactly one status; a status without leads is missing.
    private static func breakdown(_ numbers: CampaignStatistics, _ state: CampaignState) -> JSON {
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
