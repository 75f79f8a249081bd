// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// An account's data as an archive keeps it: enough to show the same again, and no counter falling.
package struct AccountSnapshot: Sendable, Hashable, Codable {
    /// The format that this version writes and reads.
    package static let currentFormat = 1

    /// The format it was written in.
    package var format = currentFormat
    /// Whose data this is.
    package let account: Account
    /// The configuration it was collected under: under another one every detail is fetched anew.
    package let identity: String
    /// What the last finished collection said.
    package var state: AccountStatus.State
    /// When the last collection started.
    package var lastAttempt: Timestamp?
    /// When the last successful collection ended.
    package var lastSuccess: Timestamp?
    /// When the last complete listing was asked for.
    var listed: Timestamp?
    var campaigns: [CampaignSnapshot]
    var mailboxes: MailboxGroup?
    var mailboxesFetched: Timestamp?
    var domainChecks: [DomainCheck]?
    var domainChecksFetched: Timestamp?
    var marks: CounterSnapshot

    /// A campaign with its detail.
    struct CampaignSnapshot: Sendable, Hashable, Codable {
        var row: ListedCampaign
        var detail: Campaign?
        /// The row at the time of the detail; `nil` where it is the row.
        var detailRow: ListedCampaign?
        var fetched: Timestamp?
        var confirmed: Timestamp?
        /// `nil` where that was when it was fetched.
        var looked: Timestamp?
        /// `nil` for none.
        var quietLooks: Int?
    }
}

extension AccountData {
    /// Takes up what an earlier run saved.
    ///
    /// What was collected under another configuration than today's is shown, but its details count as due.
    init(_ saved: AccountSnapshot, lifetimes: Retention, sameConfiguration: Bool, _ dating: ClockReading) {
        self.init(account: saved.account, lifetimes: lifetimes)
        let campaigns = saved.campaigns.map { campaign in
            (campaign.row.campaign.id, campaign.tracked(isForeign: !sameConfiguration, dating))
        }
        book = CampaignTracker(
            Dictionary(campaigns) { _, last in last },
            listed: saved.listed.map(dating.moment)
        )
        mailboxes = Fetched(saved.mailboxes, saved.mailboxesFetched, dating)
        domainChecks = Fetched(saved.domainChecks, saved.domainChecksFetched, dating)
    }

    /// The data in the form that an archive keeps.
    func saved(identity: String, status: AccountStatus, marks: CounterSnapshot, _ dating: ClockReading)
        -> AccountSnapshot
    {
        AccountSnapshot(
            account: account,
            identity: identity,
            state: status.state,
            lastAttempt: status.lastAttempt,
            lastSuccess: status.lastSuccess,
            listed: book.listed.map(dating.date),
            campaigns: book.campaigns.values.map { AccountSnapshot.CampaignSnapshot($0, dating) },
            mailboxes: mailboxes?.value,
            mailboxesFetched: mailboxes.map { dating.date($0.fetched) },
            domainChecks: domainChecks?.value,
            domainChecksFetched: domainChecks.map { dating.date($0.fetched) },
            marks: marks
        )
    }
}

extension Fetched {
    fileprivate init?(_ value: Value?, _ fetched: Timestamp?, _ dating: ClockReading) {
        guard let value, let fetched else { return nil }
        self.init(value: value, fetched: dating.moment(fetched))
    }
}

extension AccountSnapshot.CampaignSnapshot {
    fileprivate init(_ campaign: TrackedCampaign, _ dating: ClockReading) {
        row = campaign.row
        detail = campaign.detail?.campaign
        detailRow = campaign.hasChanged ? campaign.detail?.row : nil
        fetched = campaign.detail.map { dating.date($0.fetched) }
        confirmed = campaign.detail.map { dating.date($0.confirmed) }
        looked = campaign.detail.map { dating.date($0.looked) }
        quietLooks = campaign.detail?.quietLooks
    }

    fileprivate func tracked(isForeign: Bool, _ dating: ClockReading) -> TrackedCampaign {
        guard let detail, let fetched, let confirmed else { return TrackedCampaign(row) }
        return TrackedCampaign(
            row,
            detail: .init(
                campaign: detail,
                row: detailRow ?? row,
                fetched: dating.moment(fetched),
                confirmed: dating.moment(confirmed),
                looked: dating.moment(looked ?? fetched),
                quietLooks: quietLooks ?? 0
            ),
            isForeign: isForeign
        )
    }
}

/// Where accounts' data outlives the process.
package protocol SnapshotStore: Sendable {
    /// Fetches what was saved last for an account; `nil` where there is nothing.
    func load(_ account: Account) async throws(SnapshotError) -> AccountSnapshot?

    /// Keeps an account's data in place of what was saved before; durable when it returns.
    ///
    /// Called for one state of an account at a time, and nothing of the account is shown before it returns: it ends in
    /// bounded time, whole even if the task is cancelled meanwhile.
    func save(_ account: AccountSnapshot) async throws(SnapshotError)
}

/// Why an archive could not be read or written, and what to do about it.
package struct SnapshotError: Error, Hashable, Sendable {
    /// What happened.
    package let reason: String
    /// What to do.
    package let advice: String

    /// Describes a failure.
    package init(reason: String, advice: String) {
        self.reason = reason
        self.advice = advice
    }
}

extension SnapshotError {
    /// Data of another account or in a format that this version does not read.
    static func foreign(format: Int) -> SnapshotError {
        SnapshotError(
            reason: "saved for another account or in format \(format)",
            advice: "nothing to do: the next collection replaces it"
        )
    }
}
