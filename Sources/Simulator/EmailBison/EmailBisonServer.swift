// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import HTTPServer

/// EmailBison's API, a Laravel application.
enum EmailBisonServer: ProviderServer {
    static let name = "emailbison"
    static let title = "EmailBison"

    static let limits = [RateLimit(requests: 3_000, seconds: 60)]

    static let routes = [
        Route("GET", "api/campaigns", campaigns),
        Route("POST", "api/campaigns/:id/stats", stats),
        Route("GET", "api/campaigns/v1.1/:id/sequence-steps", sequence),
        Route("GET", "api/campaigns/:id/line-area-chart-stats", chart),
        Route("GET", "api/campaigns/sending-schedules", schedules),
        Route("GET", "api/sender-emails", mailboxes),
        Route("GET", "api/warmup/sender-emails", warmup),
    ]

    static let requiredFields: Set<String> = [
        "meta", "current_page", "last_page", "total", "sequence_step_id", "sequence_steps", "sequence_step_stats",
        "order", "variant_from_step_id", "label", "dates",
    ]

    static func account(of request: Request, path: String) -> String? {
        request.header("authorization")?.credentials(of: "Bearer")
    }

    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse {
        switch kind {
        case .unauthorized: .json(["message": "Unauthenticated."], status: 401)
        case .paymentRequired: .json(["message": "Payment required."], status: 402)
        case .forbidden: .json(["message": "Forbidden."], status: 403)
        case .notFound:
            .json(
                ["data": ["success": false, "message": "Record not found.", "record_not_found": nil]],
                status: 404
            )
        case .methodNotAllowed: .json(["message": "The method is not supported for this route."], status: 405)
        case .rateLimited: .json(["message": "Too Many Attempts."], status: 429)
        case .serverError: .json(["message": "Server Error"], status: 500)
        }
    }

    /// The error for parameters that a route requires.
    static func invalid(_ field: String) -> ResponseError {
        let message = JSON.string("The \(field) field is required.")
        let body: JSON = ["message": message, "errors": .object([(field, .array([message]))])]
        return ResponseError(response: .json(body, status: 422))
    }

    /// A page of fifteen rows, whatever number was requested; filters that it does not know are ignored.
    static func page<Row>(_ rows: [Row], _ call: APIRequest, row: (Row) -> JSON) throws(ResponseError)
        -> ProviderResponse
    {
        let number = max(1, call.query("page").flatMap { Int($0) } ?? 1)
        let size = 15
        let found = try call.page(of: rows, from: (number - 1) * size, limit: size)
        return .json([
            "data": .array(found.rows.map(row)), "links": ["first": nil, "last": nil, "prev": nil, "next": nil],
            "meta": [
                "current_page": .int(number), "last_page": .int(found.more ? number + 1 : number),
                "per_page": .int(size), "total": .int(rows.count),
            ],
        ])
    }
}

extension EmailBisonServer {
    static let specialStates: [CampaignState] = [.archived, .failing]

    static func campaignID(_ generator: inout SeededGenerator) -> String {
        "1" + generator.text(10, of: "0123456789")
    }

    private static let detailRoutes: Set<String> = [
        "api/campaigns/:id/stats", "api/campaigns/v1.1/:id/sequence-steps",
        "api/campaigns/:id/line-area-chart-stats",
    ]

    /// Without `huge-rows`: a page of fifteen cannot become smaller.
    static var faults: [RouteFault] {
        [
            refused(.refusedMailboxes, ["api/sender-emails"]),
            refused(.refusedWarmup, ["api/warmup/sender-emails"]),
            refused(.refusedDetails, detailRoutes),
            failing(.partialMailboxes, ["api/warmup/sender-emails"]),
            .hidingFirstAddress(["api/sender-emails", "api/warmup/sender-emails"]),
            days(.duplicateDays) { points in points.flatMap(\.halvedPoint) },
            days(.dayWithoutDate) { points in points + [.array([nil, 1])] },
        ]
            + RouteFault.listing(["api/campaigns"]) { body, change in body.editing("data", change: change) }
            .filter { $0.fault == .longID }
    }

    /// A fault of the points of the curves.
    private static func days(_ fault: Fault, _ change: @escaping @Sendable ([JSON]) -> [JSON]) -> RouteFault {
        .editing(fault, ["api/campaigns/:id/line-area-chart-stats"]) { body in
            body.editing("data", "dates") { $0.editingRows(change) }
        }
    }
}

extension JSON {
    /// Two points of a curve whose numbers add up to this one's.
    fileprivate var halvedPoint: [JSON] {
        guard case .array(let point) = self, point.count == 2, case .int(let number) = point[1] else { return [self] }
        return [.array([point[0], .int(number / 2)]), .array([point[0], .int(number - number / 2)])]
    }
}
