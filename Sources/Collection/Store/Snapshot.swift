// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// An account's data as it is stored: enough to publish the same report after a restart, and no lower counter.
///
/// The coding keys are the storage format.
package struct AccountSnapshot: Sendable, Hashable, Codable {
    /// The format that this version writes and reads.
    package static let currentFormat = 1

    package var format = currentFormat
    package let account: Account
    /// `AccountPlan.identity` at the time; under another one every detail is fetched anew.
    package let identity: String
    /// The account's state after the last finished collection.
    package var state: AccountStatus.State
    package var lastAttempt: Timestamp?
    package var lastSuccess: Timestamp?
    var listed: Timestamp?
    var campaigns: [CampaignSnapshot]
    var mailboxes: MailboxGroup?
    var mailboxesFetched: Timestamp?
    /// When mailboxes, by address, and their domain checks were last complete, if not with the last request.
    var mailboxTimes: [String: Timestamp]?
    var domainChecks: [DomainCheck]?
    var domainChecksFetched: Timestamp?
    /// The same for domain checks.
    var domainCheckTimes: [String: Timestamp]?
    /// The labels of campaigns that the provider has calls of its own for, by campaign id.
    var labels: [String: [String]]?
    var labelsFetched: Timestamp?
    /// What the account's plan allows and what of it is used.
    var plan: [PlanQuantity]?
    var planFetched: Timestamp?
    /// The campaigns that should send, by id.
    var sending: [String: SendingSnapshot]?
    var counters: CounterSnapshot
    /// What the source has learned about the account; `nil` means nothing.
    var facts: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case format, account, identity, state, lastAttempt, lastSuccess, listed, campaigns
        case labels, labelsFetched, plan, planFetched, sending
        case mailboxes, mailboxesFetched, mailboxTimes, domainChecks, domainChecksFetched, domainCheckTimes, facts
        case counters = "marks"
    }

    /// A campaign's row of the listing and its detail.
    struct CampaignSnapshot: Sendable, Hashable, Codable {
        var row: ListedCampaign
        var detail: Campaign?
        /// The row when the detail was fetched; `nil` if it is `row`.
        var detailRow: ListedCampaign?
        var fetched: Timestamp?
        var confirmed: Timestamp?
        /// `nil` means `fetched`.
        var checked: Timestamp?
        /// `nil` means 0.
        var unchangedChecks: Int?

        private enum CodingKeys: String, CodingKey {
            case row, detail, detailRow, fetched, confirmed
            case checked = "looked"
            case unchangedChecks = "quietLooks"
        }
    }
}

extension AccountSnapshot {
    init(
        _ data: AccountData,
        identity: String,
        status: AccountStatus,
        counters: CounterSnapshot,
        facts: [String: String],
        _ time: ClockReading
    ) {
        account = data.account
        self.identity = identity
        state = status.state
        lastAttempt = status.lastAttempt
        lastSuccess = status.lastSuccess
        listed = data.tracker.listed.map(time.timestamp)
        campaigns = data.tracker.campaigns.values.map { CampaignSnapshot($0, time) }
        mailboxes = data.mailboxes.map { mailboxes in
            MailboxGroup(
                mailboxes: mailboxes.sorted,
                domainChecks: data.mailboxChecks?.sorted ?? [],
                messagesScheduled: data.messagesScheduled?.value ?? [:]
            )
        }
        mailboxesFetched = data.mailboxes.map { time.timestamp($0.fetched) }
        let times = (data.mailboxes?.earlier ?? [:]).merging(data.mailboxChecks?.earlier ?? [:]) { first, _ in first }
        mailboxTimes = times.isEmpty ? nil : times.mapValues(time.timestamp)
        labels = data.labels?.value
        labelsFetched = data.labels.map { time.timestamp($0.fetched) }
        plan = data.plan?.value
        planFetched = data.plan.map { time.timestamp($0.fetched) }
        sending = data.sending.entries.isEmpty ? nil : data.sending.entries.mapValues { SendingSnapshot($0, time) }
        domainChecks = data.domainChecks?.sorted
        domainChecksFetched = data.domainChecks.map { time.timestamp($0.fetched) }
        domainCheckTimes = data.domainChecks.flatMap { $0.earlier.isEmpty ? nil : $0.earlier.mapValues(time.timestamp) }
        self.counters = counters
        self.facts = facts.isEmpty ? nil : facts
    }
}

extension AccountSnapshot {
    /// When the parts that are not fetched in every cycle were fetched last: until the next fetch only this tells their age.
    var partTimes: [DataPart: Timestamp] {
        var times: [DataPart: Timestamp] = [:]
        times[.labels] = labels.flatMap { _ in labelsFetched }
        times[.planLimits] = plan.flatMap { _ in planFetched }
        times[.mailboxes] = mailboxes.flatMap { _ in mailboxesFetched }
        times[.domainChecks] = domainChecks.flatMap { _ in domainChecksFetched }
        return times
    }
}

extension AccountData {
    /// Restores a snapshot; details collected under another configuration are published, but due.
    init(_ snapshot: AccountSnapshot, retention: Retention, sameConfiguration: Bool, _ time: ClockReading) {
        self.init(account: snapshot.account, retention: retention)
        let campaigns = snapshot.campaigns.map { campaign in
            (campaign.row.campaign.id, campaign.tracked(sameConfiguration: sameConfiguration, time))
        }
        tracker = CampaignTracker(
            campaigns: Dictionary(campaigns) { _, last in last },
            listed: snapshot.listed.map(time.instant)
        )
        let times = (snapshot.mailboxTimes ?? [:]).mapValues(time.instant)
        if let group = snapshot.mailboxes, let fetched = snapshot.mailboxesFetched.map(time.instant) {
            mailboxes = FetchedEntries(group.mailboxesByAddress, times: times, fetched: fetched)
            mailboxChecks = FetchedEntries(group.domainChecks.byIdentity, times: times, fetched: fetched)
            messagesScheduled = group.messagesScheduled.map { Fetched(value: $0, fetched: fetched) }
        }
        if let labels = snapshot.labels, let fetched = snapshot.labelsFetched.map(time.instant) {
            self.labels = Fetched(value: labels, fetched: fetched)
        }
        if let plan = snapshot.plan, let fetched = snapshot.planFetched.map(time.instant) {
            self.plan = Fetched(value: plan, fetched: fetched)
        }
        sending = SendingTracker((snapshot.sending ?? [:]).mapValues { $0.entry(time) })
        if let checks = snapshot.domainChecks, let fetched = snapshot.domainChecksFetched.map(time.instant) {
            let times = (snapshot.domainCheckTimes ?? [:]).mapValues(time.instant)
            domainChecks = FetchedEntries(checks.byIdentity, times: times, fetched: fetched)
        }
    }
}

extension AccountSnapshot.CampaignSnapshot {
    fileprivate init(_ campaign: TrackedCampaign, _ time: ClockReading) {
        row = campaign.row
        detail = campaign.detail?.campaign
        detailRow = campaign.hasChanged ? campaign.detail?.row : nil
        fetched = campaign.detail.map { time.timestamp($0.fetched) }
        confirmed = campaign.detail.map { time.timestamp($0.confirmed) }
        checked = campaign.detail.map { time.timestamp($0.checked) }
        unchangedChecks = campaign.detail?.unchangedChecks
    }

    fileprivate func tracked(sameConfiguration: Bool, _ time: ClockReading) -> TrackedCampaign {
        guard let detail, let fetched, let confirmed else { return TrackedCampaign(row) }
        return TrackedCampaign(
            row,
            detail: .init(
                campaign: detail,
                row: detailRow ?? row,
                fetched: time.instant(fetched),
                confirmed: time.instant(confirmed),
                checked: time.instant(checked ?? fetched),
                unchangedChecks: unchangedChecks ?? 0
            ),
            sameConfiguration: sameConfiguration
        )
    }
}

/// Durable storage for account snapshots.
package protocol SnapshotStore: Sendable {
    /// The account's last snapshot; `nil` if there is none.
    func load(_ account: Account) async throws(SnapshotError) -> AccountSnapshot?

    /// Replaces the account's snapshot; it is durable when the call returns.
    ///
    /// Called once at a time per account, whose report is published only after the call: it must end in bounded time, and
    /// complete even if the task is cancelled.
    func save(_ account: AccountSnapshot) async throws(SnapshotError)
}

/// An error of a `SnapshotStore`, for the log.
package struct SnapshotError: Error, Hashable, Sendable {
    package let reason: String
    /// What the operator can do about it.
    package let advice: String
    /// Whether the stored data is left as it is, and nothing is saved for the account until a restart.
    package let leavesData: Bool

    package init(reason: String, advice: String, leavesData: Bool = false) {
        self.reason = reason
        self.advice = advice
        self.leavesData = leavesData
    }

    /// A snapshot of another account or in an unknown format.
    static func foreign(format: Int) -> SnapshotError {
        SnapshotError(
            reason: "saved for another account or in format \(format)",
            advice: "nothing to do: the next collection replaces it"
        )
    }
}
