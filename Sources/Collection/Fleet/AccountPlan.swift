// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// What the configuration says about the collection of an account.
package struct AccountPlan: Sendable {
    /// The account's labels.
    package var account: Account
    /// A fingerprint of everything configured for the account, without secrets in the clear: same text, same account.
    package var identity: String
    /// What the rate limit belongs to: accounts with the same text share one.
    package var limitKey: String
    /// The time from start to start of its collections.
    package var interval: Duration
    /// The age at which campaigns are no longer shown.
    package var maxStaleness: Duration
    /// Requests per second.
    package var requestsPerSecond: Double
    /// Requests that may go at once after a quiet time.
    package var burst: Double
    /// Requests under way at once.
    package var concurrency: Int
    /// Whether mailboxes are collected.
    package var mailboxes: Bool
    /// Whether domain checks are collected.
    package var domains: Bool
    /// How many campaigns are collected at most.
    package var campaignLimit: Int
    /// What the account may put on the page.
    package var limits: ReportLimits
    /// Whether a campaign of the listing is collected.
    package var selects: @Sendable (Campaign) -> Bool
    /// Makes the account's source behind its gate.
    package var source: @Sendable (CallGate) -> any AccountSource

    /// Describes an account; by default data lives for three intervals, and the burst is what an eighth of a second allows.
    package init(
        account: Account,
        identity: String,
        limitKey: String,
        interval: Duration = .seconds(300),
        maxStaleness: Duration? = nil,
        requestsPerSecond: Double,
        burst: Double? = nil,
        concurrency: Int = 4,
        mailboxes: Bool = true,
        domains: Bool = true,
        campaignLimit: Int = 5000,
        limits: ReportLimits = ReportLimits(),
        selects: @escaping @Sendable (Campaign) -> Bool = { _ in true },
        source: @escaping @Sendable (CallGate) -> any AccountSource
    ) {
        self.account = account
        self.identity = identity
        self.limitKey = limitKey
        self.interval = interval
        self.maxStaleness = maxStaleness ?? interval * 3
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst ?? max(1, requestsPerSecond / 8)
        self.concurrency = concurrency
        self.mailboxes = mailboxes
        self.domains = domains
        self.campaignLimit = campaignLimit
        self.limits = limits
        self.selects = selects
        self.source = source
    }
}
