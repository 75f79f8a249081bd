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
        case down(CallFailure)
        /// Another collection failed.
        case stillDown(CallFailure, failures: Int)
        /// The first 429 of a cycle, with the pace in requests per second from now on.
        case throttled(pace: Double, retryAfter: Duration?)
        /// Data became too old and is shown no more.
        case stale(StalePart)
        /// A cycle took longer than its interval.
        case slow(took: Duration, interval: Duration, skipped: Int)
        /// The detail of some campaigns could not be fetched.
        case campaignsFailed(count: Int, of: Int, first: CallFailure)
        /// The mailboxes or domain checks could not be fetched.
        case partFailed(StalePart, CallFailure)
        /// The campaign limit left campaigns out.
        case campaignsDropped(count: Int, limit: Int)
        /// The limits of the page left series out or shortened labels.
        case limited(series: Int, labels: Int)
        /// Totals fell: small falls are held, large ones passed on.
        case corrected(held: Int, reset: Int)
        /// The data of an earlier run is shown again.
        case restored(campaigns: Int, age: Duration)
        /// The archive could not be read or written.
        case archiveFailed(ArchiveFailure)
    }

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
