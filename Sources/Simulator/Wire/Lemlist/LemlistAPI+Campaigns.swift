// SPDX-License-Identifier: Apache-2.0

extension LemlistAPI {
    private static let emojis = ["🚀", "📈", "🌍", "👋"]

    /// `GET /campaigns`: a bare array, or with `page` and `version=v2` an object whose last page names itself as the next.
    static func campaigns(_ call: Call) throws(Refusal) -> WireAnswer {
        let limit = min(100, call.query("limit").flatMap { Int($0) } ?? 100)
        guard limit > 0 else { throw bad("limit must be a positive number") }
        let rows = listed(call)
        guard call.query("version") == "v2", let page = call.query("page").flatMap({ Int($0) }) else {
            let offset = max(0, call.query("offset").flatMap { Int($0) } ?? 0)
            let listing = Listing(rows: rows, faults: call.faults, endsWithShortPage: true)
            let page = try listing.page(from: offset, limit: limit, or: refusal(.serverError)).rows
            return .json(.array(page.map { campaign($0, call) }))
        }
        return try numbered(max(1, page), of: rows, limit, call)
    }

    private static func numbered(
        _ page: Int,
        of rows: [CampaignPlan],
        _ limit: Int,
        _ call: Call
    ) throws(Refusal) -> WireAnswer {
        let listing = Listing(rows: rows, faults: call.faults)
        let found = try listing.page(from: (page - 1) * limit, limit: limit, or: refusal(.serverError))
        let pages = max(found.more ? page + 1 : 1, (rows.count + limit - 1) / limit)
        return .json([
            "campaigns": .array(found.rows.map { campaign($0, call) }),
            "pagination": [
                "totalRecords": .int(rows.count), "currentPage": .int(page),
                "nextPage": .int(found.more ? page + 1 : page), "totalPage": .int(pages),
            ],
        ])
    }

    private static func listed(_ call: Call) -> [CampaignPlan] {
        let status = call.query("status")
        let rows = call.scene.campaigns.filter { campaign in
            status.map(call.scene.state(of: campaign).lemlistStatuses.contains) ?? true
        }
        guard call.query("sortBy") == "createdAt" else { return rows }
        let isDescending = call.query("sortOrder") == "desc"
        return rows.sorted { isDescending ? $0.created > $1.created : $0.created < $1.created }
    }

    /// A row; every second one is as short as the vendor's second example.
    private static func campaign(_ campaign: CampaignPlan, _ call: Call) -> JSON {
        let state = call.scene.state(of: campaign)
        let failing = state == .failing
        let row: JSON = [
            "_id": .string(campaign.id), "name": .string(campaign.name), "labels": [],
            "createdAt": call.timestamp(campaign.created), "createdBy": .string(call.scene.world.userIDs[0]),
            "status": .string(state.lemlistStatuses[0]),
        ]
        guard campaign.index % 2 == 0 || failing else { return row }
        return row.with([
            "emoji": .string(emojis[campaign.index / 2 % emojis.count]), "timezone": "Europe/Paris",
            "sequenceId": .string(campaign.sequenceIDs[0]), "hasError": .bool(failing),
            "errors": failing ? ["Your campaign does not have sender."] : [],
        ])
    }
}

extension CampaignState {
    /// lemlist's words for it: the one shown first, then others that the status filter finds it by.
    fileprivate var lemlistStatuses: [String] {
        switch self {
        case .draft: ["draft"]
        case .active, .runningSubsequences: ["running"]
        case .paused, .accountSuspended, .accountsUnhealthy, .bounceProtect: ["paused"]
        case .completed: ["ended"]
        case .archived: ["archived"]
        case .failing: ["errors", "running"]
        }
    }
}
