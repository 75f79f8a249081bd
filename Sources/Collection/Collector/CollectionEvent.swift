// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// An event of an account's collection: one line of the log, without secrets.
///
/// A change of state is reported once, a lasting failure once per cycle.
package struct CollectionEvent: Sendable, Hashable {
    package let account: Account
    package let kind: Kind

    package enum Kind: Sendable, Hashable {
        /// The first collection succeeded, or the first one after a failure.
        case up(campaigns: Int, took: Duration, afterFailure: Bool)
        /// A collection failed after a success, or the first one did.
        case down(APIError)
        /// Another collection failed.
        case stillDown(APIError, failures: Int)
        /// The first 429 of a cycle; `rate` is the reduced rate in requests per second.
        case throttled(rate: Double, retryAfter: Duration?)
        /// Data has reached its maximum age and is no longer published.
        case stale(DataPart)
        /// A cycle took longer than the interval; `skipped` starts were missed.
        case slow(took: Duration, interval: Duration, skipped: Int)
        /// The details of `count` campaigns could not be fetched.
        case campaignsFailed(count: Int, of: Int, first: APIError)
        /// The mailboxes or domain checks could not be fetched.
        case partFailed(DataPart, APIError)
        /// `count` campaigns exceed the campaign limit and are not collected.
        case campaignsDropped(count: Int, limit: Int)
        /// The account's report exceeded its limits: series were dropped or label values shortened.
        case limited(series: Int, labels: Int)
        /// Counters decreased: small decreases are held, large ones published as a reset.
        case corrected(held: Int, reset: Int)
        /// Data of an earlier run was loaded; `age` is that of its listing.
        case restored(campaigns: Int, age: Duration)
        /// The stored data could not be read or written.
        case archiveFailed(SnapshotError)
    }

    /// A name and a value of a log line; the log formats the value, so that all durations look alike.
    package typealias Attribute = (name: String, value: any CustomStringConvertible & Sendable)

    package enum Level: Sendable, Hashable {
        case info, warning, error
    }

    package init(account: Account, kind: Kind) {
        self.account = account
        self.kind = kind
    }

    package var level: Level {
        switch kind {
        case .down, .stillDown: .error
        case .throttled, .stale, .slow, .campaignsFailed, .partFailed, .campaignsDropped, .limited, .archiveFailed:
            .warning
        case .corrected(_, let reset): reset > 0 ? .warning : .info
        case .up, .restored: .info
        }
    }

    /// What happened, without numbers, so that events of the same kind have the same message.
    package var message: String {
        switch kind {
        case .up(_, _, afterFailure: false): "account is up"
        case .up(_, _, afterFailure: true): "account is up again"
        case .down: "collection failed, account is down"
        case .stillDown: "collection failed again, account is still down"
        case .throttled: "the provider asks for fewer requests, pace reduced"
        case .stale(let part): "\(part.rawValue) are too old and no longer shown"
        case .slow: "collection took longer than its interval"
        case .campaignsFailed: "some campaigns could not be fetched, they keep their last data until it is too old"
        case .partFailed(let part, _):
            "\(part.rawValue) could not be fetched, the last ones stay until they are too old"
        case .campaignsDropped: "more campaigns than the limit allows"
        case .limited: "more series or longer labels than the limits allow"
        case .corrected: "totals fell at the provider"
        case .restored: "data of an earlier run restored"
        case .archiveFailed: "stored data is not usable"
        }
    }

    /// The log line's fields after the message: the account, numbers, the reason and advice.
    package var attributes: [Attribute] {
        [("provider", account.provider), ("account", account.name)] + details
    }

    private var details: [Attribute] {
        switch kind {
        case .up(let campaigns, let took, _): [("campaigns", "\(campaigns)"), ("took", took)]
        case .down(let failure), .partFailed(_, let failure): failure.attributes
        case .stillDown(let failure, let failures): [("failures", "\(failures)")] + failure.attributes
        case .throttled(let rate, let retryAfter): Self.throttling(rate, retryAfter)
        case .stale: []
        case .slow(let took, let interval, let skipped):
            [("took", took), ("interval", interval), ("skipped", "\(skipped)")]
                + [("advice", "raise interval or requests_per_second, or select fewer campaigns")]
        case .campaignsFailed(let count, let all, let first):
            [("failed", "\(count)"), ("campaigns", "\(all)")] + first.attributes
        case .campaignsDropped(let count, let limit):
            [("dropped", "\(count)"), ("limit", "\(limit)"), ("advice", "raise campaigns.limit or select fewer")]
        case .limited(let series, let labels):
            [("dropped_series", "\(series)"), ("shortened_labels", "\(labels)")]
                + [("advice", "raise limits.series_per_account or limits.label_value_length, or collect less")]
        case .corrected(let held, let reset): [("held", "\(held)"), ("reset", "\(reset)")]
        case .restored(let campaigns, let age): [("campaigns", "\(campaigns)"), ("age", age)]
        case .archiveFailed(let failure): [("reason", failure.reason), ("advice", failure.advice)]
        }
    }

    private static func throttling(_ rate: Double, _ retryAfter: Duration?) -> [Attribute] {
        [("requests_per_second", "\((rate * 100).rounded() / 100)")]
            + (retryAfter.map { [("retry_after", $0)] } ?? [])
            + [("advice", APIError.throttled(retryAfter: nil).advice)]
    }
}

extension APIError {
    fileprivate var attributes: [CollectionEvent.Attribute] {
        [("reason", text), ("advice", advice)]
    }
}

/// A part of an account's data with an age of its own; the raw value is part of log messages.
package enum DataPart: String, Sendable, Hashable, CaseIterable {
    /// The campaigns of the listing.
    case campaigns
    /// The details of single campaigns.
    case details
    /// The mailboxes, and the domain checks of the same response.
    case mailboxes
    /// The domain checks that the provider has a call of its own for.
    case domainChecks = "domain checks"
}
