// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// A part of an account's data that is requested, fails and ages on its own; the raw value is part of log messages.
package enum DataPart: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The campaigns of the listing.
    case campaigns
    /// The details of single campaigns.
    case details
    /// The labels of campaigns that the provider has calls of its own for.
    case labels
    /// The reasons for which campaigns do not send.
    case sendingStates = "sending states"
    /// The mailboxes, and the domain checks of the same response.
    case mailboxes
    /// The domain checks that the provider has a call of its own for.
    case domainChecks = "domain checks"
    /// What the account's plan allows and what of it is used, where the provider has a call of its own for it.
    case planLimits = "plan limits"

    /// The parts whose requests a key must allow; without the others the account is complete but for their metrics.
    package static let required = [campaigns, details, mailboxes, domainChecks]

    /// The value of the label `part`.
    package var label: String { String(rawValue.map { $0 == " " ? "_" : $0 }) }

    /// What the operator can switch off where the provider refuses the part; `nil` for what cannot do without it.
    var switchOff: String? {
        switch self {
        case .campaigns, .details, .labels, .sendingStates, .planLimits: nil
        case .mailboxes: "mailboxes: false"
        case .domainChecks: "domains: false"
        }
    }

    package static func < (left: DataPart, right: DataPart) -> Bool { left.label < right.label }
}

/// How the requests for one part of an account ended, for its gauges and the status page.
package struct PartStatus: Sendable, Hashable {
    /// Whether the last fetch succeeded, at least in part.
    package private(set) var isUp = false
    /// When the last fetch that succeeded, at least in part, was made.
    package private(set) var lastSuccess: Timestamp?
    /// The error of the last fetch, of a part of it at least; `nil` if nothing failed.
    package private(set) var error: APIError?
    /// Fetches that failed, at least in part.
    package private(set) var failures = 0
    /// Consecutive fetches that the provider refused as a whole.
    private var refusals = 0

    /// The time after which a part that the provider refuses to the key is requested again, and a plan that failed.
    static let refusalRetry = Duration.seconds(3600)

    /// Whether the provider refuses the part to a key that it accepts otherwise.
    ///
    /// One refusal does not tell: if the key as a whole was refused in the middle of a cycle, the next listing is too.
    package var isRefused: Bool { refusals > 1 }

    /// A part whose data an earlier run fetched and this one restored.
    static func restored(fetched: Timestamp) -> PartStatus {
        var status = PartStatus()
        status.isUp = true
        status.lastSuccess = fetched
        return status
    }

    /// Records a fetch; `isPartial` if it returned something despite the error.
    mutating func record(_ error: APIError?, isPartial: Bool, at wallTime: Timestamp) {
        isUp = error == nil || isPartial
        if isUp { lastSuccess = wallTime }
        if error != nil { failures += 1 }
        refusals = !isUp && error?.isRefusal == true ? refusals + 1 : 0
        self.error = error
    }

    /// Moves the time by a step of the wall clock.
    mutating func shift(by step: Duration) { lastSuccess = lastSuccess?.advanced(by: step) }

    /// Forgets refusals, because the provider refuses the key as a whole.
    mutating func forgetRefusals() { refusals = 0 }
}
