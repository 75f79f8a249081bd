// SPDX-License-Identifier: Apache-2.0

/// How often the parts of an account's data are fetched and how old they may be shown.
struct Lifetimes: Sendable {
    /// The time from one fetch of the mailboxes to the next.
    static let mailboxPeriod = Duration.seconds(15 * 60)
    /// The time from one run of the domain checks to the next.
    static let domainPeriod = Duration.seconds(6 * 3600)

    /// The age at which campaigns and details are no longer shown.
    let campaigns: Duration

    /// The age at which mailboxes are no longer shown.
    var mailboxes: Duration { max(campaigns, Self.mailboxPeriod * 3) }
    /// The age at which domain checks are no longer shown.
    var domainChecks: Duration { max(campaigns, Self.domainPeriod * 3) }
}
