// SPDX-License-Identifier: Apache-2.0

extension CampaignState {
    /// Instantly's number for it.
    var instantlyStatus: Int {
        switch self {
        case .draft: 0
        case .active, .failing: 1
        case .paused, .archived: 2
        case .completed: 3
        case .runningSubsequences: 4
        case .accountSuspended: -99
        case .accountsUnhealthy: -1
        case .bounceProtect: -2
        }
    }
}

extension MailboxPlan.State {
    /// Instantly's number for it.
    var instantlyStatus: Int {
        switch self {
        case .active: 1
        case .paused: 2
        case .failing: -1
        }
    }
}

extension Call {
    /// The campaigns that `id` and `ids`, or `campaign_id`, name, all where none is named, of the status asked for.
    func instantlyCampaigns(_ fields: String...) throws(Refusal) -> [CampaignPlan] {
        let ids = fields.flatMap(queries)
        if ids.contains(where: { !Identifier.isUUID($0) }) {
            throw InstantlyAPI.invalid("params/id must match format \"uuid\"")
        }
        let status = query("campaign_status").flatMap { Int($0) }
        return (ids.isEmpty ? scene.campaigns : ids.compactMap(scene.campaign))
            .filter { campaign in
                let state = scene.state(of: campaign)
                return state != .draft && (status == nil || state.instantlyStatus == status)
            }
    }

    /// Whether these fields name a campaign that is there, or none.
    func knowsInstantlyCampaigns(_ fields: String...) -> Bool {
        let ids = fields.flatMap(queries)
        return ids.isEmpty || ids.contains { scene.campaign($0) != nil }
    }

    /// The span that `start_date` and `end_date` name; a day's end is its first instant in UTC.
    func instantlySpan() throws(Refusal) -> Span {
        let wrong = WireAnswer.json(["message": "Start Date must be earlier than End Date"], status: 400)
        return try Span(from: query("start_date"), to: query("end_date"), clock, or: wrong)
    }

    /// The page size asked for; `nil` where it is above the cap, which Instantly answers with an empty page.
    func instantlyLimit() throws(Refusal) -> Int? {
        let limit = query("limit").map { Int($0) } ?? 10
        guard let limit, limit > 0 else { throw InstantlyAPI.invalid("querystring/limit must be >= 1") }
        return limit > 100 ? nil : limit
    }
}
