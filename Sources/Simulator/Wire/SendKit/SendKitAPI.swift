// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// SendKit's API; its limits and most of its error bodies are documented nowhere, so these are the simulator's own.
enum SendKitAPI: PlatformAPI {
    static let limits = [RateLimit(requests: 10, seconds: 1)]

    static let routes = [
        Route("GET", "v1/campaigns", campaigns),
        Route("GET", "v1/campaigns/:id/analytics", analytics),
        Route("GET", "v1/analytics/daily/campaigns/:id", daily),
        Route("GET", "v1/mailboxes", mailboxes),
        Route("GET", "v1/mailboxes/:id/health", health),
        Route("GET", "v1/analytics/mailboxes", mailboxAnalytics),
        Route("GET", "v1/warmup/stats", warmup),
    ]

    /// Who calls: either header carries the key; a platform key must say for which workspace.
    static func account(of request: Request, path: String) throws(Refusal) -> String {
        let named = request.header("x-api-key").flatMap(\.goodKey)
        guard let key = named ?? request.header("authorization")?.credentials(of: "Bearer") else {
            throw Refusal(answer: refusal(.unauthorized))
        }
        guard key.hasPrefix("sk_user_") else { return key }
        guard let workspace = request.header("x-workspace-id"), !workspace.isEmpty else {
            throw Refusal(answer: error(403, "Forbidden", "X-Workspace-Id header is required"))
        }
        return key + "/" + workspace
    }

    static func refusal(_ kind: RefusalKind) -> WireAnswer {
        switch kind {
        case .unauthorized: error(401, "Unauthorized", "Invalid or missing API key")
        case .paymentRequired: error(402, "Payment Required", "Your plan does not include API access")
        case .notFound: error(404, "Not Found", "The requested resource was not found")
        case .methodNotAllowed: error(405, "Method Not Allowed", "Method not allowed")
        case .rateLimited: error(429, "Too Many Requests", "Rate limit exceeded")
        case .serverError: error(500, "Internal Server Error", "Something went wrong")
        }
    }

    static func headers(for verdict: RateLimiter.Verdict) -> [(name: String, value: String)] {
        [("X-RateLimit-Limit", String(verdict.limit)), ("X-RateLimit-Remaining", String(verdict.remaining))]
            + (verdict.isAllowed ? [] : [("Retry-After", String(verdict.retryAfter))])
    }

    /// An error in SendKit's form.
    static func error(_ status: Int, _ error: String, _ message: String) -> WireAnswer {
        .json(["error": .string(error), "message": .string(message), "code": .int(status)], status: status)
    }

    /// A success in SendKit's form.
    static func success(_ data: JSON) -> WireAnswer {
        .json(["success": true, "data": data])
    }
}
