// SPDX-License-Identifier: Apache-2.0

extension CallFailure {
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
