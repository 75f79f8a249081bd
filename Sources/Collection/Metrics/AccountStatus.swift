// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// How an account is doing, for the status page and its gauges.
package struct AccountStatus: Sendable, Hashable {
    /// What the last finished collection says about an account.
    package enum State: String, Sendable, Hashable, Codable {
        /// No collection has finished yet.
        case starting
        /// The last one succeeded.
        case up
        /// The last one failed.
        case down
    }

    /// Whose status this is.
    package let account: Account
    /// The time from start to start.
    package var interval: Duration
    /// What the last finished collection says.
    package var state = State.starting
    /// Whether a collection is under way.
    package var isCollecting = false
    /// When the last collection started.
    package var lastAttempt: Timestamp?
    /// When the last successful collection ended.
    package var lastSuccess: Timestamp?
    /// Why the last finished collection failed; `nil` after a success.
    package var lastFailure: String?
    /// What to do about it.
    package var advice: String?
    /// When the next collection starts; `nil` while one is under way.
    package var nextRun: Timestamp?
    /// How long the last finished collection took.
    package var lastDuration: Duration?
    /// Requests that the last finished collection sent, retries included.
    package var lastRequests: Int?
    /// Campaigns that the collection is about; `nil` before the first complete listing.
    package var campaigns: Int?
    /// How many of them are up to date in this collection.
    package var campaignsDone = 0
    /// How many of them could not be fetched.
    package var campaignsFailed = 0
    /// Collections that failed in a row.
    package var failuresInARow = 0

    /// Begins an account's life.
    package init(account: Account, interval: Duration) {
        self.account = account
        self.interval = interval
    }
}
