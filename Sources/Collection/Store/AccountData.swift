// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Everything known about an account, each part with its age.
struct AccountData: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// Whose data this is.
    let account: Account
    /// How long the parts live.
    let lifetimes: Lifetimes
    /// The campaigns.
    var book = CampaignBook()
    /// The mailboxes.
    var mailboxes: Timed<MailboxGroup>?
    /// The checks of their domains that the provider has a call of its own for.
    var domainChecks: Timed<[DomainCheck]>?
    /// Whether sums over groups of campaigns tell if one of them moved.
    var groupTrust = GroupTrust()

    /// What may be shown at a moment, no counter lower than shown before, and the falls met for the first time.
    func report(
        through counterGuard: inout CounterGuard,
        at dating: Dating
    ) -> (report: AccountReport, corrections: CounterGuard.Corrections) {
        let now = dating.now
        let group = mailboxes.flatMap { $0.fetched > now - lifetimes.mailboxes ? $0.value : nil }
        let checks = domainChecks.flatMap { $0.fetched > now - lifetimes.domainChecks ? $0.value : nil }
        var campaigns = book.campaigns(trueSince: now - lifetimes.campaigns)
        var mailboxes = group?.mailboxes ?? []
        let corrections = counterGuard.hold(&campaigns, &mailboxes, at: dating.wallTime)
        let report = AccountReport(
            account: account,
            campaigns: campaigns,
            mailboxes: mailboxes,
            domainChecks: (group?.domainChecks ?? []) + (checks ?? [])
        )
        return (report, corrections)
    }

    /// The parts that are known but too old to be shown at a moment.
    func stale(at now: Instant) -> Set<StalePart> {
        var stale: Set<StalePart> = []
        if let listed = book.listed, listed <= now - lifetimes.campaigns {
            stale.insert(.campaigns)
        } else if book.hasDetails(notTrueSince: now - lifetimes.campaigns) {
            stale.insert(.details)
        }
        if let mailboxes, mailboxes.fetched <= now - lifetimes.mailboxes { stale.insert(.mailboxes) }
        if let domainChecks, domainChecks.fetched <= now - lifetimes.domainChecks { stale.insert(.domainChecks) }
        return stale
    }

    /// The next moment behind `now` at which something becomes too old.
    func nextExpiry(after now: Instant) -> Instant? {
        let ends =
            book.confirmations.map { $0 + lifetimes.campaigns }
            + [mailboxes.map { $0.fetched + lifetimes.mailboxes }].compactMap(\.self)
            + [domainChecks.map { $0.fetched + lifetimes.domainChecks }].compactMap(\.self)
        return ends.filter { $0 > now }.min()
    }
}
