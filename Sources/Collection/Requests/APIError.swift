// SPDX-License-Identifier: Apache-2.0

/// Why a call to an API failed, told apart by what follows from it.
///
/// Texts are short, for people, and free of keys, addresses and bodies.
package enum APIError: Error, Hashable, Sendable {
    /// The key is refused (401, 402, 403 and their disguises): nothing works until somebody acts. `advice` says how.
    case refused(status: Int, advice: String)
    /// Too many requests (429), with the wait that the provider asks for.
    case throttled(retryAfter: Duration?)
    /// The provider has trouble of its own (5xx), with the wait that it asks for.
    case unavailable(status: Int, retryAfter: Duration?)
    /// The thing asked for no longer exists.
    case gone
    /// Any other status: the request is not acceptable as it is.
    case rejected(status: Int, reason: String)
    /// No complete answer within the time limit.
    case timedOut
    /// No connection, a broken one, or one that cannot be trusted.
    case unreachable(reason: String)
    /// An answer that is not what the provider documents: not JSON, too large, paging without end.
    case invalid(status: Int, reason: String)
    /// The collector is stopping.
    case cancelled
}

extension APIError {
    /// The `code` label of the request: its status, or `error` where none came.
    package var code: String {
        switch self {
        case .refused(let status, _), .unavailable(let status, _), .rejected(let status, _), .invalid(let status, _):
            String(status)
        case .throttled: "429"
        case .gone: "404"
        case .timedOut, .unreachable, .cancelled: "error"
        }
    }
}

extension APIError {
    /// The `reason` label of a retry; `nil` for a failure that another attempt cannot heal.
    var retryReason: String? {
        switch self {
        case .throttled: "throttled"
        case .unavailable: "server_error"
        case .timedOut: "timeout"
        case .unreachable: "connection"
        case .refused, .gone, .rejected, .invalid, .cancelled: nil
        }
    }

    /// The wait that the provider asks for, where it means something: on 429 and 503.
    var requestedWait: Duration? {
        switch self {
        case .throttled(let wait), .unavailable(503, let wait): wait.map { max($0, .zero) }
        default: nil
        }
    }
}

extension APIError {
    /// What happened, in a few words for the log and the status page.
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

    /// What to do about it.
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

/// A successful answer of an API.
package struct APIResponse: Sendable {
    /// The status, 200 to 299.
    package let status: Int
    /// The body, content encoding removed.
    package let body: [UInt8]

    /// Describes an answer.
    package init(status: Int = 200, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
