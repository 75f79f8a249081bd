// SPDX-License-Identifier: Apache-2.0

/// Why a call to an API failed, told apart by what follows from it.
///
/// Texts are short, for people, and free of keys, addresses and bodies.
package enum CallFailure: Error, Hashable, Sendable {
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

extension CallFailure {
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
