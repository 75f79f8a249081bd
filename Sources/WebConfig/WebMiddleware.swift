// SPDX-License-Identifier: Apache-2.0

package import HTTPServer
internal import Synchronization

/// Stands before a handler: lets in who may come in, and adds the configured header fields to every answer.
package struct WebMiddleware: Sendable {
    private let configuration: WebConfiguration
    private let desk = PasswordVerifier()
    private let refused: @Sendable (_ status: Int) -> Void
    private let handler: @Sendable (Request) -> Server.HandlerResult

    /// Guards a handler.
    ///
    /// - Parameters:
    ///   - configuration: the rules.
    ///   - refused: called for each request that was not let in.
    ///   - handler: answers those that were.
    package init(
        _ configuration: WebConfiguration,
        refused: @escaping @Sendable (_ status: Int) -> Void,
        handler: @escaping @Sendable (Request) -> Server.HandlerResult
    ) {
        self.configuration = configuration
        self.refused = refused
        self.handler = handler
    }

    /// Answers a request, or refuses it.
    package func answer(to request: Request) -> Server.HandlerResult {
        let rules = configuration.rules
        return answer(to: request, under: rules).adding(rules.settings.headers)
    }

    private func answer(to request: Request, under rules: WebRules) -> Server.HandlerResult {
        if let limiter = rules.limiter, !limiter.admits() { return refuse(.tooManyRequests) }
        let users = rules.settings.users
        guard !users.isEmpty else { return handler(request) }
        guard let field = request.header("authorization") else { return refuse(.unauthorized) }
        if desk.remembers(field, of: users) { return handler(request) }
        guard let credentials = Credentials(field) else { return refuse(.unauthorized) }
        return .later {
            switch await desk.check(credentials, of: users) {
            case .right: handler(request)
            case .wrong: refuse(.unauthorized)
            case .tooMany: refuse(.tooManyRequests)
            }
        }
    }

    private func refuse(_ response: Response) -> Server.HandlerResult {
        refused(response.status)
        return .response(response)
    }
}

extension Response {
    fileprivate static let unauthorized = Response.text(
        "Unauthorized\n",
        status: 401,
        headers: [("WWW-Authenticate", "Basic realm=\"outreach-exporter\", charset=\"UTF-8\"")]
    )
    fileprivate static let tooManyRequests = Response.text("Too many requests, try again later.\n", status: 429)
}

extension Server.HandlerResult {
    /// The answer with header fields in the place of its own ones of these names.
    fileprivate func adding(_ fields: [(name: String, value: String)]) -> Server.HandlerResult {
        guard !fields.isEmpty else { return self }
        switch self {
        case .response(let response): return .response(response.adding(fields))
        case .truncated(let response, let end): return .truncated(response.adding(fields), after: end)
        case .later(let make): return .later { await make().adding(fields) }
        case .drop: return .drop
        }
    }
}

extension Response {
    fileprivate func adding(_ fields: [(name: String, value: String)]) -> Response {
        var response = self
        let names = fields.map { $0.name.lowercased() }
        response.headers = headers.filter { !names.contains($0.name.lowercased()) } + fields
        return response
    }
}

/// How many requests are answered: one per interval, and a burst of some.
package struct RateLimit: Sendable, Hashable {
    /// From one request to the next.
    package let interval: Duration
    /// How many may come at once.
    package let burst: Int
}

/// A rate limit at work: a bucket of tokens that fills with time.
final class RequestRateLimiter: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The limit.
    let limit: RateLimit
    /// When the bucket will be full.
    private let full: Mutex<Instant>

    /// Starts with a full bucket.
    init(_ limit: RateLimit, at now: Instant = .now) {
        self.limit = limit
        full = Mutex(now)
    }

    /// Takes a token, if there is one.
    func admits(at now: Instant = .now) -> Bool {
        full.withLock { full in
            let next = max(full, now) + limit.interval
            guard next - now <= limit.interval * limit.burst else { return false }
            full = next
            return true
        }
    }
}
