// SPDX-License-Identifier: Apache-2.0

package import HTTPServer
internal import Synchronization

/// Applies the web configuration to a handler: rate limit, basic authentication, additional header fields.
package struct WebMiddleware: Sendable {
    private let configuration: WebConfiguration
    private let openPaths: Set<String>
    private let verifier: PasswordVerifier
    private let onRejection: @Sendable (_ status: Int) -> Void
    private let handler: @Sendable (Request, AccountAccess) -> Server.HandlerResult

    /// - Parameters:
    ///   - configuration: the settings in force.
    ///   - openPaths: the paths of probes, which need no password and to which the rate limit does not apply: a flood
    ///     of requests must not have the exporter restarted.
    ///   - maxPasswordChecks: the most requests that wait for the check of a password, fewer than are answered at once.
    ///   - onRejection: called with the status, 401 or 429, for each request that does not reach the handler.
    ///   - handler: handles admitted requests, of clients that may see so much.
    package init(
        _ configuration: WebConfiguration,
        openPaths: Set<String> = [],
        maxPasswordChecks: Int = 9,
        onRejection: @escaping @Sendable (_ status: Int) -> Void,
        handler: @escaping @Sendable (Request, AccountAccess) -> Server.HandlerResult
    ) {
        self.configuration = configuration
        self.openPaths = openPaths
        verifier = PasswordVerifier(maxPending: maxPasswordChecks)
        self.onRejection = onRejection
        self.handler = handler
    }

    package func handle(_ request: Request) -> Server.HandlerResult {
        handle(request, configuration.settings).map(withHeaders)
    }

    /// A response with the additional header fields.
    package func withHeaders(_ response: Response) -> Response {
        let fields = configuration.settings.headers
        return fields.isEmpty ? response : response.replacing(fields)
    }

    private func handle(_ request: Request, _ settings: WebSettings) -> Server.HandlerResult {
        if openPaths.contains(request.path) { return handler(request, settings.access(of: nil)) }
        if let limiter = settings.rateLimiter, !limiter.admits() { return reject(.tooManyRequests) }
        let users = settings.users
        guard !users.isEmpty else { return handler(request, settings.access(of: nil)) }
        guard let field = request.header("authorization") else { return reject(.unauthorized) }
        if let user = verifier.cachedUser(field, of: users) { return handler(request, settings.access(of: user)) }
        guard let credentials = Credentials(field) else { return reject(.unauthorized) }
        return .deferred {
            switch await verifier.check(credentials, of: users) {
            case .valid: handler(request, settings.access(of: credentials.user))
            case .invalid: reject(.unauthorized)
            case .overloaded: reject(.tooManyRequests)
            }
        }
    }

    private func reject(_ response: Response) -> Server.HandlerResult {
        onRejection(response.status)
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

    /// The response with these header fields instead of its own of the same names.
    fileprivate func replacing(_ fields: [(name: String, value: String)]) -> Response {
        var response = self
        let names = fields.map { $0.name.lowercased() }
        response.headers = headers.filter { !names.contains($0.name.lowercased()) } + fields
        return response
    }
}

/// The limit that a token bucket enforces.
struct RateLimit: Hashable {
    /// The time after which the bucket gains a token.
    let interval: Duration
    /// The number of tokens that the bucket holds.
    let burst: Int
}

/// A token bucket, full at first, of which each request takes a token.
package final class RequestRateLimiter: Sendable {
    let limit: RateLimit
    /// When the bucket will be full; a bucket full in the past is full.
    private let fullAt: Mutex<ContinuousClock.Instant>

    init(_ limit: RateLimit, at now: ContinuousClock.Instant = .now) {
        self.limit = limit
        fullAt = Mutex(now)
    }

    /// Takes a token; false if there is none.
    func admits(at now: ContinuousClock.Instant = .now) -> Bool {
        fullAt.withLock { fullAt in
            let next = max(fullAt, now) + limit.interval
            guard next - now <= limit.interval * limit.burst else { return false }
            fullAt = next
            return true
        }
    }
}
