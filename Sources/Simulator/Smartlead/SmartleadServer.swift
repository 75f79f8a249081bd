// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// Smartlead's API v1, whose key is a parameter of the query, and whose analytics have many numbers as texts.
enum SmartleadServer: ProviderServer {
    static let name = "smartlead"
    static let title = "Smartlead"

    /// The limits of the standard plan.
    static let limits = [RateLimit(requests: 60, seconds: 60), RateLimit(requests: 1_000, seconds: 3_600)]

    static let routes = [
        Route("GET", "campaigns", campaigns),
        Route("GET", "analytics/campaign/overall-stats", overall),
        Route("GET", "campaigns/:id/analytics", analytics),
        Route("GET", "campaigns/:id/sequence-analytics", steps),
        Route("GET", "campaigns/:id/sequences", sequences),
        Route("GET", "analytics/day-wise-overall-stats", days),
        Route("GET", "email-accounts", mailboxes),
        Route("GET", "analytics/mailbox/name-wise-health-metrics", health),
    ]

    static let requiredFields: Set<String> = [
        "from_email", "campaign_wise_performance", "email_health_metrics", "day_wise_stats", "email_campaign_seq_id",
        "seq_number", "sequence_variants", "email_engagement_metrics", "date",
    ]

    static func account(of request: Request, path: String) -> String? {
        request.query.first { $0.name == "api_key" }?.value.goodKey
    }

    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse {
        switch kind {
        case .unauthorized: .json(["message": "Invalid API Key."], status: 401)
        case .paymentRequired: .json(["error": "Plan expired"], status: 402)
        case .forbidden: .json(["error": "Access denied"], status: 403)
        case .notFound: .json(["error": "Not found"], status: 404)
        case .methodNotAllowed: .json(["error": "Method not allowed"], status: 405)
        case .rateLimited:
            .json(
                ["error": ["code": "RATE_LIMIT_EXCEEDED", "message": "Rate limit exceeded.", "retry_after": 30]],
                status: 429
            )
        case .serverError: .json(["error": "Internal Server Error"], status: 500)
        }
    }

    static func headers(for verdict: SimulatedRateLimiter.Verdict) -> [(name: String, value: String)] {
        [
            ("X-RateLimit-Limit", String(verdict.limit)), ("X-RateLimit-Remaining", String(verdict.remaining)),
            ("X-RateLimit-Reset", String(Int(verdict.reset.rounded(.up)))),
        ] + (verdict.isAllowed ? [] : [("Retry-After", String(verdict.retryAfter))])
    }

    static func bad(_ message: String) -> ResponseError {
        ResponseError(response: .json(["error": "Bad Request", "message": .string(message)], status: 400))
    }

    /// The rows that `offset` and `limit` name.
    static func page<Row>(_ rows: [Row], _ call: APIRequest) throws(ResponseError) -> [Row] {
        let offset = max(0, call.query("offset").flatMap { Int($0) } ?? 0)
        let limit = min(1_000, call.query("limit").flatMap { Int($0) } ?? 1_000)
        return try call.page(of: rows, from: offset, limit: limit, endsWithShortPage: true).rows
    }

    /// A number as Smartlead writes most of them.
    static func text(_ number: Int) -> JSON { .string(String(number)) }
}

extension SmartleadServer {
    static func campaignID(_ generator: inout SeededGenerator) -> String {
        "2" + generator.text(9, of: "0123456789")
    }

    static var faults: [RouteFault] {
        [
            refused(.refusedMailboxes, ["email-accounts"]),
            refused(
                .refusedDetails,
                ["campaigns/:id/analytics", "campaigns/:id/sequence-analytics", "campaigns/:id/sequences"]
            ),
            failing(.stepsFail, ["campaigns/:id/sequence-analytics"]) { $0.id == $0.snapshot.campaigns.first?.id },
            .hidingFirstAddress(
                ["email-accounts", "analytics/mailbox/name-wise-health-metrics"],
                field: "from_email"
            ),
        ] + RouteFault.listing(["campaigns"]) { rows, change in change(rows) }
            + RouteFault.days(["analytics/day-wise-overall-stats"]) { body, change in
                body.editing("data", "day_wise_stats") { $0.editingRows(change) }
            }
    }
}
