// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

enum InstantlyServer: ProviderServer {
    static let name = "instantly"
    static let title = "Instantly"
    /// The limits that clients have seen enforced, a tenth of the documented ones.
    static let limits = [RateLimit(requests: 10, seconds: 1), RateLimit(requests: 600, seconds: 60)]

    static let routes = [
        Route("GET", "api/v2/campaigns", campaigns),
        Route("GET", "api/v2/campaigns/analytics", analytics),
        Route("GET", "api/v2/campaigns/analytics/overview", overview),
        Route("GET", "api/v2/campaigns/analytics/steps", steps),
        Route("GET", "api/v2/campaigns/analytics/daily", daily),
        Route("GET", "api/v2/campaigns/:id/sending-status", sendingStatus),
        Route("GET", "api/v2/custom-tags", tags),
        Route("GET", "api/v2/custom-tag-mappings", tagMappings),
        Route("GET", "api/v2/accounts", accounts),
        Route("GET", "api/v2/accounts/analytics/daily", mailboxDays),
        Route("POST", "api/v2/accounts/warmup-analytics", warmup),
        Route("POST", "api/v2/accounts/test/vitals", vitals),
        Route("GET", "api/v2/workspace-billing/plan-details", planDetails),
    ]

    static func account(of request: Request, path: String) throws(ResponseError) -> String? {
        // Instantly answers Python's default user agent as it would an invalid key.
        if request.header("user-agent")?.hasPrefix("Python-urllib") == true {
            throw ResponseError(response: error(403, "Forbidden", "Forbidden"))
        }
        guard let key = request.header("authorization")?.credentials(of: "Bearer") else { return nil }
        return key + (request.header("x-as-workspace").map { "/" + $0 } ?? "")
    }

    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse {
        switch kind {
        case .unauthorized: error(401, "Unauthorized", "Missing Authorization header")
        case .paymentRequired: error(402, "Payment Required", "Workspace does not have an active paid plan")
        case .forbidden: error(403, "Forbidden", "Forbidden")
        case .notFound: error(404, "Not Found", "Resource not found")
        case .methodNotAllowed: error(405, "Method Not Allowed", "Method not allowed")
        case .rateLimited: error(429, "Too Many Requests", "Rate limit exceeded")
        case .serverError: error(500, "Internal Server Error", "Internal Server Error")
        }
    }

    /// None: Instantly reports no rate limit.
    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] { [] }

    static func error(_ status: Int, _ error: String, _ message: String) -> ProviderResponse {
        .json(["statusCode": .int(status), "error": .string(error), "message": .string(message)], status: status)
    }

    /// The error for a request that the schema does not allow.
    static func invalid(_ message: String) -> ResponseError {
        ResponseError(response: error(400, "Bad Request", message))
    }
}

extension InstantlyServer {
    /// `GET /api/v2/workspace-billing/plan-details`: at most four fifths of the leads that the plan allows are there, and of
    /// the credits, which are shared, as many are left as the thousand under way leaves.
    static func planDetails(_ call: APIRequest) -> ProviderResponse {
        let leads = call.snapshot.leads
        return .json([
            "organization_id": .string(call.snapshot.world.teamID), "organization_name": "Northwind",
            "subscriptions": [
                "outreach": [
                    "plan_name": "Hypergrowth", "addons_qty": 0, "total_lead_limit": .int((leads / 800 + 1) * 1_000),
                    "current_lead_count": .int(leads),
                ],
                "credits": [
                    "plan_name": "Growth Credits", "total_credits": 100,
                    "available_credits": .int(call.snapshot.creditsLeft),
                ],
            ],
        ])
    }
}

extension CampaignState {
    /// Instantly's numeric status.
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

extension SimulatedMailbox.State {
    /// Instantly's numeric status.
    var instantlyStatus: Int {
        switch self {
        case .active: 1
        case .paused: 2
        case .failing: -1
        }
    }
}

extension InstantlyServer {
    /// A page of a listing: every page that holds a row names a cursor, the last one too.
    static func page<Row>(
        of rows: [Row],
        from offset: Int,
        _ call: APIRequest,
        cursor: (Row) -> String,
        json: (Row) -> JSON
    ) throws(ResponseError) -> ProviderResponse {
        guard let limit = try call.instantlyLimit() else { return .json(["items": []]) }
        let page = try call.page(of: rows, from: offset, limit: limit).rows
        let items = JSON.array(page.map(json))
        guard let last = page.last else { return .json(["items": items]) }
        return .json(["items": items, "next_starting_after": .string(cursor(last))])
    }
}

extension APIRequest {
    /// The started campaigns that the query parameters `fields` name, or all, filtered by `campaign_status`.
    func instantlyCampaigns(_ fields: String...) throws(ResponseError) -> [SimulatedCampaign] {
        let ids = fields.flatMap(queries)
        if ids.contains(where: { !Identifier.isUUID($0) }) {
            throw InstantlyServer.invalid("params/id must match format \"uuid\"")
        }
        let status = query("campaign_status").flatMap { Int($0) }
        return (ids.isEmpty ? snapshot.campaigns : ids.compactMap(snapshot.campaign))
            .filter { campaign in
                let state = snapshot.state(of: campaign)
                return state != .draft && (status == nil || state.instantlyStatus == status)
            }
    }

    /// Whether the query parameters `fields` name an existing campaign, or none at all.
    func knowsInstantlyCampaigns(_ fields: String...) -> Bool {
        let ids = fields.flatMap(queries)
        return ids.isEmpty || ids.contains { snapshot.campaign($0) != nil }
    }

    /// The range of `start_date` and `end_date`; both mean midnight UTC.
    func instantlySpan() throws(ResponseError) -> DateRange {
        let wrong = ProviderResponse.json(["message": "Start Date must be earlier than End Date"], status: 400)
        return try DateRange(from: query("start_date"), to: query("end_date"), self, or: wrong)
    }

    /// The requested page size; `nil` above the maximum of 100, which Instantly answers with an empty page.
    func instantlyLimit() throws(ResponseError) -> Int? {
        let limit = query("limit").map { Int($0) } ?? 10
        guard let limit, limit > 0 else { throw InstantlyServer.invalid("querystring/limit must be >= 1") }
        return limit > 100 ? nil : limit
    }
}
