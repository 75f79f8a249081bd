// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// Instantly's API v2.
enum InstantlyServer: ProviderServer {
    /// The limits that clients have seen enforced, a tenth of the documented ones.
    static let limits = [RateLimit(requests: 10, seconds: 1), RateLimit(requests: 600, seconds: 60)]

    static let routes = [
        Route("GET", "api/v2/campaigns", campaigns),
        Route("GET", "api/v2/campaigns/analytics", analytics),
        Route("GET", "api/v2/campaigns/analytics/overview", overview),
        Route("GET", "api/v2/campaigns/analytics/steps", steps),
        Route("GET", "api/v2/campaigns/analytics/daily", daily),
        Route("GET", "api/v2/accounts", accounts),
        Route("POST", "api/v2/accounts/warmup-analytics", warmup),
        Route("POST", "api/v2/accounts/test/vitals", vitals),
    ]

    static func account(of request: Request, path: String) throws(Refusal) -> String {
        // A client that does not name itself gets what looks like a bad key.
        if request.header("user-agent")?.hasPrefix("Python-urllib") == true {
            throw Refusal(answer: error(403, "Forbidden", "Forbidden"))
        }
        guard let key = request.header("authorization")?.credentials(of: "Bearer") else {
            throw Refusal(answer: refusal(.unauthorized))
        }
        return key + (request.header("x-as-workspace").map { "/" + $0 } ?? "")
    }

    static func refusal(_ kind: RefusalKind) -> SimulatedResponse {
        switch kind {
        case .unauthorized: error(401, "Unauthorized", "Missing Authorization header")
        case .paymentRequired: error(402, "Payment Required", "Workspace does not have an active paid plan")
        case .notFound: error(404, "Not Found", "Resource not found")
        case .methodNotAllowed: error(405, "Method Not Allowed", "Method not allowed")
        case .rateLimited: error(429, "Too Many Requests", "Rate limit exceeded")
        case .serverError: error(500, "Internal Server Error", "Internal Server Error")
        }
    }

    /// None: Instantly does not say where a caller stands.
    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] { [] }

    /// An error in Instantly's form.
    static func error(_ status: Int, _ error: String, _ message: String) -> SimulatedResponse {
        .json(["statusCode": .int(status), "error": .string(error), "message": .string(message)], status: status)
    }

    /// A request that the schema refuses.
    static func invalid(_ message: String) -> Refusal {
        Refusal(answer: error(400, "Bad Request", message))
    }
}

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

extension APIRequest {
    /// The campaigns that `id` and `ids`, or `campaign_id`, name, all where none is named, of the status asked for.
    func instantlyCampaigns(_ fields: String...) throws(Refusal) -> [CampaignPlan] {
        let ids = fields.flatMap(queries)
        if ids.contains(where: { !Identifier.isUUID($0) }) {
            throw InstantlyServer.invalid("params/id must match format \"uuid\"")
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
    func instantlySpan() throws(Refusal) -> DateRange {
        let wrong = SimulatedResponse.json(["message": "Start Date must be earlier than End Date"], status: 400)
        return try DateRange(from: query("start_date"), to: query("end_date"), clock, or: wrong)
    }

    /// The page size asked for; `nil` where it is above the cap, which Instantly answers with an empty page.
    func instantlyLimit() throws(Refusal) -> Int? {
        let limit = query("limit").map { Int($0) } ?? 10
        guard let limit, limit > 0 else { throw InstantlyServer.invalid("querystring/limit must be >= 1") }
        return limit > 100 ? nil : limit
    }
}
