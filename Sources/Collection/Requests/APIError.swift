// SPDX-License-Identifier: Apache-2.0

/// Why a request to a provider's API failed; one case for each way in which the caller reacts.
///
/// Texts are short and contain no keys, URLs or response bodies.
package enum APIError: Error, Hashable, Sendable {
    /// The API key is refused: 401, 402, 403, or what the provider sends instead; its client knows the advice.
    case refused(status: Int, advice: String)
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
    /// Connecting failed, the connection broke, or its certificate is not trusted.
    case unreachable(reason: String)
    /// A response that contradicts the provider's documentation: not JSON, too large, endless paging.
    case invalid(status: Int, reason: String)
    /// The task was cancelled.
    case cancelled

    /// Whether every further request of the account would fail too; any other error concerns the requested object alone.
    package var concernsAccount: Bool {
        switch self {
        case .refused, .cancelled: true
        case .throttled, .unavailable, .gone, .rejected, .timedOut, .unreachable, .invalid: false
        }
    }

    /// The value of the label `code` in request metrics: the HTTP status, or `error` without a response.
    package var code: String {
        switch self {
        case .refused(let status, _), .unavailable(let status, _), .rejected(let status, _), .invalid(let status, _):
            String(status)
        case .throttled: "429"
        case .gone: "404"
        case .timedOut, .unreachable, .cancelled: "error"
        }
    }

    /// The value of the label `reason` in retry metrics; `nil` if the request must not be retried.
    var retryReason: String? {
        switch self {
        case .throttled: "throttled"
        case .unavailable: "server_error"
        case .timedOut: "timeout"
        case .unreachable: "connection"
        case .refused, .gone, .rejected, .invalid, .cancelled: nil
        }
    }

    /// The `Retry-After` of a 429 or 503, the two statuses for which RFC 9110 and RFC 6585 define it; at least zero.
    var requestedWait: Duration? {
        switch self {
        case .throttled(let wait), .unavailable(503, let wait): wait.map { max($0, .zero) }
        default: nil
        }
    }

    /// What happened, for the log and the status page.
    package var text: String {
        switch self {
        case .refused(let status, _): "the key is refused (HTTP \(status))"
        case .throttled: "too many requests (HTTP 429)"
        case .unavailable(let status, _): "the provider has trouble (HTTP \(status))"
        case .gone: "no longer known to the provider (HTTP 404)"
        case .rejected(let status, let reason): "the request is rejected (HTTP \(status)): \(reason)"
        case .timedOut: "no complete answer in time"
        case .unreachable(let reason): "no connection: \(reason)"
        case .invalid(let status, let reason): "an unexpected answer (HTTP \(status)): \(reason)"
        case .cancelled: "cancelled"
        }
    }

    /// What the operator can do about it, for the log and the status page.
    package var advice: String {
        switch self {
        case .refused(_, let advice): advice
        case .throttled: "lower requests_per_second, or find out what else uses the key"
        case .unavailable, .timedOut: "nothing to do unless it lasts: the next collection tries again"
        case .unreachable: "check DNS, proxy and firewall between this machine and the provider"
        case .gone, .rejected, .invalid: "compare the exporter's version with the provider's API, and report it"
        case .cancelled: "nothing to do"
        }
    }
}

/// A successful response of a provider's API.
package struct APIResponse: Sendable {
    /// The HTTP status, 200 to 299.
    package let status: Int
    /// The body after content decoding.
    package let body: [UInt8]

    package init(status: Int = 200, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
