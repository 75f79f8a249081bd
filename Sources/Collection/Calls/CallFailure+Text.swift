// SPDX-License-Identifier: Apache-2.0

extension CallFailure {
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
