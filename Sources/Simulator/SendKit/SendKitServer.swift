// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// SendKit's API; its limits and most of its error bodies are documented nowhere, so these are the simulator's own.
enum SendKitServer: ProviderServer {
    static let name = "sendkit"
    static let title = "SendKit"
    static let limits = [RateLimit(requests: 10, seconds: 1)]

    static let routes = [
        Route("GET", "v1/campaigns", campaigns),
        Route("GET", "v1/campaigns/:id/analytics", analytics),
        Route("GET", "v1/analytics/daily/campaigns/:id", daily),
        Route("GET", "v1/workspaces", workspaces),
        Route("GET", "v1/mailboxes", mailboxes),
        Route("GET", "v1/mailboxes/:id/health", health),
        Route("GET", "v1/analytics/mailboxes", mailboxAnalytics),
        Route("GET", "v1/warmup/stats", warmup),
    ]

    /// Who calls: either header carries the key; a platform key must say for which workspace.
    static func account(of request: Request, path: String) throws(ResponseError) -> String? {
        let named = request.header("x-api-key").flatMap(\.goodKey)
        guard let key = named ?? request.header("authorization")?.credentials(of: "Bearer") else { return nil }
        guard key.hasPrefix("sk_user_") else { return key }
        guard let workspace = request.header("x-workspace-id"), !workspace.isEmpty else {
            throw ResponseError(response: error(403, "Forbidden", "X-Workspace-Id header is required"))
        }
        return key + "/" + workspace
    }

    static func errorResponse(_ kind: HTTPErrorKind) -> ProviderResponse {
        switch kind {
        case .unauthorized: error(401, "Unauthorized", "Invalid or missing API key")
        case .paymentRequired: error(402, "Payment Required", "Your plan does not include API access")
        case .forbidden: error(403, "Forbidden", "This key may not read the resource")
        case .notFound: error(404, "Not Found", "The requested resource was not found")
        case .methodNotAllowed: error(405, "Method Not Allowed", "Method not allowed")
        case .rateLimited: error(429, "Too Many Requests", "Rate limit exceeded")
        case .serverError: error(500, "Internal Server Error", "Something went wrong")
        }
    }

    static func error(_ status: Int, _ error: String, _ message: String) -> ProviderResponse {
        .json(["error": .string(error), "message": .string(message), "code": .int(status)], status: status)
    }

    static func success(_ data: JSON) -> ProviderResponse {
        .json(["success": true, "data": data])
    }
}

/// A page of a SendKit listing: an opaque cursor, an empty page after the first, and a cursor on the last one too.
struct SendKitPage<Row> {
    let rows: [Row]
    let pagination: JSON

    /// Selects the page that the parameters `cursor` and `limit` name.
    init(of rows: [Row], _ call: APIRequest) throws(ResponseError) {
        let limit = min(100, call.query("limit").flatMap { Int($0) } ?? 25)
        let cursor = Cursor.read(call.query("cursor"))
        guard let cursor, limit > 0 else {
            throw ResponseError(response: SendKitServer.error(400, "Bad Request", "Invalid cursor or limit"))
        }
        let page: (rows: [Row], more: Bool) =
            cursor.isGap ? ([], true) : try call.page(of: rows, from: cursor.offset, limit: limit)
        let next = Cursor(offset: cursor.offset + page.rows.count, isGap: cursor.offset == 0 && page.more)
        self.rows = page.rows
        pagination = [
            "limit": .int(limit), "total": .int(rows.count), "hasMore": .bool(page.more),
            "nextCursor": .string(next.text),
        ]
    }

    /// The response with the page, whose rows `json` renders.
    func response(_ json: (Row) -> JSON) -> ProviderResponse {
        .json(["success": true, "data": .array(rows.map(json)), "pagination": pagination])
    }

    private struct Cursor {
        let offset: Int
        /// Whether the page is the empty one after the first.
        let isGap: Bool

        var text: String { (isGap ? "g" : "c") + String(offset, radix: 36) }

        /// Reads a cursor that was sent; without one the first page.
        static func read(_ text: String?) -> Cursor? {
            guard let text else { return Cursor(offset: 0, isGap: false) }
            guard let offset = Int(text.dropFirst(), radix: 36), offset >= 0, "gc".contains(text.prefix(1)) else {
                return nil
            }
            return Cursor(offset: offset, isGap: text.hasPrefix("g"))
        }
    }
}

extension SimulatedMailbox {
    /// SendKit's name of its state.
    var sendKitStatus: String {
        switch state {
        case .active: isWarming ? "warming_up" : "active"
        case .paused: "inactive"
        case .failing: "error"
        }
    }

    /// The percentage of the domain's checks that pass.
    var setupScore: Int { checks.count { $0.passed } * 100 / checks.count }

    /// SendKit's name of the warm-up's state, which is complete after 42 days.
    func warmupStatus(_ numbers: MailboxStatistics) -> String {
        guard isWarming else { return "not_started" }
        return numbers.warmupDay > 42 ? "completed" : "in_progress"
    }
}

extension WarmupCounts {
    /// The percentage of the messages sent that `part` is, to a tenth.
    func percentage(_ part: Int) -> JSON {
        .number(sent == 0 ? 0 : Double(part * 1000 / sent) / 10)
    }

    /// SendKit's score of a warm-up: `min(100, inboxRate · 0.5 + (100 − spamRate) · 0.3 + openRate · 0.2)`.
    package var sendKitScore: Int {
        guard sent > 0 else { return 0 }
        let (inbox, junk, open) = (inbox * 100 / sent, spam * 100 / sent, opened * 100 / sent)
        return min(100, (inbox * 5 + (100 - junk) * 3 + open * 2) / 10)
    }
}
