// SPDX-License-Identifier: Apache-2.0

/// Why a request to a provider's API failed, and which request it was.
///
/// Texts are short and contain no keys, URLs or response bodies.
package struct APIError: Error, Sendable {
    /// One case for each way in which the caller reacts.
    package enum Kind: Hashable, Sendable {
        /// The provider refuses this to the API key: 401, 402, 403, or what it sends instead; its client knows the advice.
        case refused(status: Int, advice: String)
        /// A CDN or firewall in front of the API stopped the request; says nothing about the key.
        case blocked(status: Int, reason: String)
        /// Too many requests (429), with the value of `Retry-After`.
        case throttled(retryAfter: Duration?)
        /// A server error (5xx), with the value of `Retry-After`.
        case unavailable(status: Int, retryAfter: Duration?)
        /// The requested object does not exist (404).
        case gone
        /// Any other status: the provider does not accept the request.
        case rejected(status: Int, reason: String)
        /// No complete response within the time limit.
        case timedOut
        /// No end of the collection by its deadline, whatever single requests took.
        case overdue
        /// Connecting failed, the connection broke, or its certificate is not trusted.
        case unreachable(reason: String)
        /// A response above the size limit; a smaller page may fit.
        case tooLarge(reason: String)
        /// The large responses under way take all the memory that there is for them.
        case busy
        /// A response that contradicts the provider's documentation: not JSON, endless paging.
        case invalid(status: Int, reason: String)
        case cancelled
    }

    package let kind: Kind
    /// The route pattern of the request: `/api/v2/campaigns/analytics/steps`; `nil` if none was sent.
    package private(set) var route: String?
    /// The part of the account's data that the request was for.
    package private(set) var part = DataPart.campaigns

    package init(_ kind: Kind) {
        self.kind = kind
    }

    /// The error with the request that it belongs to, unless that is known already.
    package func of(_ route: String, for part: DataPart) -> APIError {
        guard self.route == nil else { return self }
        var error = self
        error.route = route
        error.part = part
        return error
    }

    /// Whether the provider refuses the request to this key.
    package var isRefusal: Bool {
        if case .refused = kind { true } else { false }
    }

    /// Whether every further request of the account would fail too: a refused campaign listing, or a cancelled task.
    ///
    /// Any other error concerns the requested object or its part alone.
    package var concernsAccount: Bool { kind == .cancelled || isRefusal && part == .campaigns }

    /// Whether one of several requested objects may be the cause, so that the others alone may succeed.
    package var mayConcernOneItem: Bool {
        switch kind {
        case .unavailable, .gone, .rejected, .timedOut, .tooLarge, .invalid: true
        case .refused, .blocked, .throttled, .overdue, .unreachable, .busy, .cancelled: false
        }
    }

    /// The value of the label `code` in request metrics: the HTTP status, or `error` without a response.
    package var code: String {
        switch kind {
        case .refused(let status, _), .blocked(let status, _), .unavailable(let status, _), .rejected(let status, _),
            .invalid(let status, _):
            String(status)
        // The transport does not keep the status of a body that it gives up; only a success is that long.
        case .tooLarge, .busy: "200"
        case .throttled: "429"
        case .gone: "404"
        case .timedOut, .overdue, .unreachable, .cancelled: "error"
        }
    }

    /// The value of the label `reason` in retry metrics; `nil` if the request must not be retried.
    var retryReason: String? {
        switch kind {
        case .throttled: "throttled"
        case .unavailable: "server_error"
        case .blocked: "blocked"
        case .timedOut: "timeout"
        case .unreachable: "connection"
        case .busy: "memory"
        case .refused, .gone, .rejected, .overdue, .tooLarge, .invalid, .cancelled: nil
        }
    }

    /// The `Retry-After` of a 429 or 503, the two statuses for which RFC 9110 and RFC 6585 define it; at least zero.
    var requestedWait: Duration? {
        switch kind {
        case .throttled(let wait), .unavailable(503, let wait): wait.map { max($0, .zero) }
        default: nil
        }
    }

    /// What happened, for the log and the status page.
    package var text: String {
        switch kind {
        case .refused(let status, _) where part == .campaigns: "the key is refused (HTTP \(status))"
        case .refused(let status, _): "refused to this key (HTTP \(status))"
        case .blocked(let status, let reason): "blocked before the API (HTTP \(status)): \(reason)"
        case .throttled: "too many requests (HTTP 429)"
        case .unavailable(let status, _): "the provider has trouble (HTTP \(status))"
        case .gone: "no longer known to the provider (HTTP 404)"
        case .rejected(let status, let reason): "the request is rejected (HTTP \(status)): \(reason)"
        case .timedOut: "no complete answer in time"
        case .overdue: "the collection did not end in time"
        case .unreachable(let reason): "no connection: \(reason)"
        case .tooLarge(let reason): "the answer is too large: \(reason)"
        case .invalid(let status, let reason): "an unexpected answer (HTTP \(status)): \(reason)"
        case .busy: "too many large answers at the same time"
        case .cancelled: "cancelled"
        }
    }

    /// What the operator can do about it, for the log and the status page.
    package var advice: String {
        switch kind {
        case .refused(_, let advice): advice
        case .throttled: "lower requests_per_second, or find out what else uses the key"
        case .blocked:
            "a firewall or CDN refuses the exporter's requests: ask the provider to admit them, or set user_agent"
        case .busy: "nothing to do unless it lasts: then find the account whose answers are too large"
        case .unavailable: "nothing to do unless it lasts: the next collection tries again"
        case .timedOut: "nothing to do unless it lasts: then raise timeout"
        case .overdue: "raise interval or requests_per_second, or select fewer campaigns"
        case .unreachable: "check DNS, proxy and firewall between this machine and the provider"
        case .rejected(404, _):
            "check base_url, its path too, and the key; if they are right, compare the exporter's version with the "
                + "provider's API, and report it"
        case .gone, .rejected, .tooLarge, .invalid:
            "compare the exporter's version with the provider's API, and report it"
        case .cancelled: "nothing to do"
        }
    }
}

extension APIError: Hashable {
    /// Compares what happened, not where: nothing reacts to an error by its route.
    package static func == (left: APIError, right: APIError) -> Bool { left.kind == right.kind }

    package func hash(into hasher: inout Hasher) { hasher.combine(kind) }
}

extension APIError {
    package static func refused(status: Int, advice: String) -> APIError {
        APIError(.refused(status: status, advice: advice))
    }
    package static func blocked(status: Int, reason: String) -> APIError {
        APIError(.blocked(status: status, reason: reason))
    }
    package static func throttled(retryAfter: Duration?) -> APIError { APIError(.throttled(retryAfter: retryAfter)) }
    package static func unavailable(status: Int, retryAfter: Duration?) -> APIError {
        APIError(.unavailable(status: status, retryAfter: retryAfter))
    }
    package static var gone: APIError { APIError(.gone) }
    package static func rejected(status: Int, reason: String) -> APIError {
        APIError(.rejected(status: status, reason: reason))
    }
    package static var timedOut: APIError { APIError(.timedOut) }
    package static var overdue: APIError { APIError(.overdue) }
    package static func unreachable(reason: String) -> APIError { APIError(.unreachable(reason: reason)) }
    package static func tooLarge(reason: String) -> APIError { APIError(.tooLarge(reason: reason)) }
    package static func invalid(status: Int, reason: String) -> APIError {
        APIError(.invalid(status: status, reason: reason))
    }
    package static var busy: APIError { APIError(.busy) }
    package static var cancelled: APIError { APIError(.cancelled) }
}

package struct APIResponse: Sendable {
    /// The HTTP status, 200 to 299.
    package let status: Int
    /// The body after content decoding.
    package let body: [UInt8]
    /// What the response tells about the key's quota; `nil` without it.
    package let quota: RequestQuota?
    /// What accounts for the body's memory as long as the response exists.
    private let reservation: (any Sendable)?

    package init(
        status: Int = 200,
        body: [UInt8],
        quota: RequestQuota? = nil,
        keeping reservation: (any Sendable)? = nil
    ) {
        self.status = status
        self.body = body
        self.quota = quota
        self.reservation = reservation
    }
}
