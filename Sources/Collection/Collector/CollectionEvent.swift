// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// Something that happened to an account and that a person may want to read about: one line of the log.
///
/// Reported once per transition, a lasting failure once per cycle. Holds no secret.
package struct CollectionEvent: Sendable, Hashable {
    /// Whose event it is.
    package let account: Account
    /// What happened.
    package let kind: Kind

    /// What can happen.
    package enum Kind: Sendable, Hashable {
        /// The first collection, or the first after a failure, succeeded.
        case up(campaigns: Int, took: Duration, afterFailure: Bool)
        /// A collection failed behind a good one, or the very first one.
        case down(APIError)
        /// Another collection failed.
        case stillDown(APIError, failures: Int)
        /// The first 429 of a cycle, with the pace in requests per second from now on.
        case throttled(pace: Double, retryAfter: Duration?)
        /// Data became too old and is shown no more.
        case stale(DataPart)
        /// A cycle took longer than its interval.
        case slow(took: Duration, interval: Duration, skipped: Int)
        /// The detail of some campaigns could not be fetched.
        case campaignsFailed(count: Int, of: Int, first: APIError)
        /// The mailboxes or domain checks could not be fetched.
        case partFailed(DataPart, APIError)
        /// The campaign limit left campaigns out.
        case campaignsDropped(count: Int, limit: Int)
        /// The limits of the page left series out or shortened labels.
        case limited(series: Int, labels: Int)
        /// Totals fell: small falls are held, large ones passed on.
        case corrected(held: Int, reset: Int)
        /// The data of an earlier run is shown again.
        case restored(campaigns: Int, age: Duration)
        /// The archive could not be read or written.
        case archiveFailed(SnapshotError)
    }

    /// A name and a value of a log line; the log formats the value, so that all durations look alike.
    package typealias Attribute = (name: String, value: any CustomStringConvertible & Sendable)

    /// How much it matters.
    package enum Level: Sendable, Hashable {
        case info, warning, error
    }

    /// Records an event.
    package init(account: Account, kind: Kind) {
        self.account = account
        self.kind = kind
    }
}

extension CollectionEvent {
    /// How much it matters.
    package var level: Level {
        switch kind {
        case .down, .stillDown: .error
        case .throttled, .stale, .slow, .campaignsFailed, .partFailed, .campaignsDropped, .limited, .archiveFailed:
            .warning
        case .corrected(_, let reset): reset > 0 ? .warning : .info
        case .up, .restored: .info
        }
    }

    /// What happened, in a sentence without numbers, so that equal events have equal messages.
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

    /// Names and values for the rest of the line: what a person needs to act.
    package var attributes: [Attribute] {
        [("provider", account.provider), ("account", account.name)] + details
    }

    private var details: [Attribute] {
        switch kind {
        case .up(let campaigns, let took, _): [("campaigns", "\(campaigns)"), ("took", took)]
        case .down(let failure), .partFailed(_, let failure): failure.attributes
        case .stillDown(let failure, let failures): [("failures", "\(failures)")] + failure.attributes
        case .throttled(let pace, let retryAfter): Self.throttling(pace, retryAfter)
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

    private static func throttling(_ pace: Double, _ retryAfter: Duration?) -> [Attribute] {
        [("requests_per_second", "\((pace * 100).rounded() / 100)")]
            + (retryAfter.map { [("retry_after", $0)] } ?? [])
            + [("advice", APIError.throttled(retryAfter: nil).advice)]
    }
}

extension APIError {
    fileprivate var attributes: [CollectionEvent.Attribute] {
        [("reason", text), ("advice", advice)]
    }
}

/// A part of an account's data that ages on its own; the raw value is for the log.
package enum DataPart: String, Sendable, Hashable, CaseIterable {
    /// The listing, and with it every campaign.
    case campaigns
    /// What the expensive calls told about some campaigns.
    case details
    /// The mailboxes, and the checks that come with them.
    case mailboxes
    /// The checks that the provider has a call of its own for.
    case domainChecks = "domain checks"
}
