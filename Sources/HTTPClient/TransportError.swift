// SPDX-License-Identifier: Apache-2.0

/// Why no answer arrived.
///
/// Texts never hold a header, a query or a body.
package enum TransportError: Error, Hashable, Sendable {
    /// The time limit for connecting or for the whole exchange passed.
    case timedOut
    /// No connection, or one that broke; the reason in libcurl's words.
    case unreachable(String)
    /// The server's certificate or the TLS handshake was not acceptable.
    case untrusted(String)
    /// The body exceeded the limit, in bytes.
    case tooLarge(limit: Int)
    /// The request itself was not usable: a malformed URL, an unsupported scheme.
    case invalidRequest(String)
    /// The task that asked was cancelled.
    case cancelled
}

extension TransportError: CustomStringConvertible {
    /// One line, as a command that cannot go on says it.
    package var description: String {
        switch self {
        case .timedOut: "no answer in time"
        case .unreachable(let reason), .invalidRequest(let reason): reason
        case .untrusted(let reason): "not trusted: \(reason)"
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}
