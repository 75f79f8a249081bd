// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// An account's collected data, each part with the time of its request.
struct AccountData: Sendable {
    let account: Account
    let retention: Retention
    var tracker = CampaignTracker()
    /// By address.
    var mailboxes: FetchedEntries<Mailbox>?
    /// The domain checks of the mailboxes' response, by domain and check.
    var mailboxChecks: FetchedEntries<DomainCheck>?
    /// The domain checks that the provider has a call of its own for, by domain and check.
    var domainChecks: FetchedEntries<DomainCheck>?
    /// Messages that the provider plans to send, by the day, from the last request for mailboxes.
    var messagesScheduled: Fetched<[String: Double]>?
    /// The labels of campaigns that the provider has calls of its own for, by campaign id; empty for one without labels.
    var labels: Fetched<[String: [String]]>?
    /// What the account's plan allows and what of it is used.
    var plan: Fetched<[PlanQuantity]>?
    var sending = SendingTracker()
    var probeSuspension = ProbeSuspension()

    /// The data that has not expired, with counters that do not decrease, and the decreases.
    func report(
        through counters: inout MonotonicCounters,
        at time: ClockReading
    ) -> (report: AccountReport, corrections: MonotonicCounters.Corrections) {
        let now = time.now
        let checks =
            (mailboxChecks?.values(since: now - retention.mailboxes) ?? [])
            + (domainChecks?.values(since: now - retention.domainChecks) ?? [])
        var campaigns = tracker.campaigns(trueSince: now - retention.campaigns) { counters.hasCounted($0) }
        if let labels = labels?.value(since: now - retention.supplements) {
            campaigns = campaigns.map { campaign in labels[campaign.id].map(campaign.labelled) ?? campaign }
        }
        campaigns = campaigns.map { sending.explained($0, at: now) }
        var mailboxes = self.mailboxes?.values(since: now - retention.mailboxes) ?? []
        let corrections = counters.hold(&campaigns, &mailboxes, at: time.wallTime)
        let report = AccountReport(
            account: account,
            campaigns: campaigns,
            mailboxes: mailboxes,
            domainChecks: checks,
            messagesScheduled: messagesScheduled?.value(since: now - retention.mailboxes) ?? [:],
            plan: plan?.value(since: now - retention.supplements) ?? []
        )
        return (report, corrections)
    }

    /// The parts that have expired.
    func stale(at now: Instant) -> Set<DataPart> {
        var stale: Set<DataPart> = []
        if let listed = tracker.listed, listed <= now - retention.campaigns {
            stale.insert(.campaigns)
        } else if tracker.hasDetails(notTrueSince: now - retention.campaigns) {
            stale.insert(.details)
        }
        if let labels, labels.fetched <= now - retention.supplements { stale.insert(.labels) }
        if let plan, plan.fetched <= now - retention.supplements { stale.insert(.planLimits) }
        if let mailboxes, mailboxes.fetched <= now - retention.mailboxes { stale.insert(.mailboxes) }
        if let domainChecks, domainChecks.fetched <= now - retention.domainChecks { stale.insert(.domainChecks) }
        return stale
    }

    /// When the next part expires; `nil` if none will.
    func nextExpiry(after now: Instant) -> Instant? {
        let mailboxTimes = (mailboxes?.times ?? []) + (mailboxChecks?.times ?? [])
        var expiries = tracker.confirmations.map { $0 + retention.campaigns }
        expiries += mailboxTimes.map { $0 + retention.mailboxes }
        expiries += (domainChecks?.times ?? []).map { $0 + retention.domainChecks }
        expiries += [labels?.fetched, plan?.fetched].compactMap(\.self).map { $0 + retention.supplements }
        return expiries.filter { $0 > now }.min()
    }
}

/// How often the parts of an account's data are fetched, and up to which age they are published.
struct Retention: Sendable {
    /// The time from one fetch of the mailboxes to the next.
    static let mailboxPeriod = Duration.seconds(15 * 60)
    /// The time from one fetch of the labels of campaigns, or of the account's plan, to the next.
    static let supplementPeriod = Duration.seconds(6 * 3600)
    /// The time from one fetch of the domain checks to the next.
    static let domainPeriod = Duration.seconds(6 * 3600)

    /// The maximum age of campaigns and their details: the configured `max_staleness`.
    let campaigns: Duration
    /// The maximum age of mailboxes: at least three fetches.
    var mailboxes: Duration { max(campaigns, Self.mailboxPeriod * 3) }
    /// The maximum age of the labels of campaigns and of the account's plan: at least three fetches.
    var supplements: Duration { max(campaigns, Self.supplementPeriod * 3) }
    /// The maximum age of domain checks: at least three fetches.
    var domainChecks: Duration { max(campaigns, Self.domainPeriod * 3) }
}

/// The state of an account's collection: cycles update its data, which is saved, published and handed to a successor.
final class AccountState: Sendable {
    private struct State {
        var data: AccountData
        var counters = MonotonicCounters()
        var overdue: Set<DataPart> = []
        /// When parts that the provider refused are requested again.
        var suspended: [DataPart: Instant] = [:]
        var facts: [String: String] = [:]
        var stale: Set<DataPart> = []
        var isRetired = false
        var archiveFailed = false
        /// Why the stored data could not be read.
        var loadError: SnapshotError?
        /// The last warnings, each reported again only when it says something else.
        var warnings: [String: CollectionEvent.Kind] = [:]
    }

    /// A report, with the snapshot that is saved before the report is published.
    private struct Publication {
        let limited: LimitedReport
        let snapshot: AccountSnapshot?
        let corrections: MonotonicCounters.Corrections
        let newlyStale: Set<DataPart>
    }

    private let plan: AccountPlan
    private let context: CollectionContext
    private let publicationLock: AsyncSemaphore
    private let state: Mutex<State>

    private var retention: Retention { Retention(campaigns: plan.settings.maxStaleness) }

    init(_ plan: AccountPlan, _ context: CollectionContext) {
        self.plan = plan
        self.context = context
        publicationLock = context.publicationLocks[plan.account]
        let retention = Retention(campaigns: plan.settings.maxStaleness)
        state = Mutex(State(data: AccountData(account: plan.account, retention: retention)))
    }

    var data: AccountData { state.withLock { $0.data } }

    /// Whether the last fetch of a part failed, so that it is due in every cycle.
    func isOverdue(_ part: DataPart) -> Bool { state.withLock { $0.overdue.contains(part) } }

    func setOverdue(_ part: DataPart, _ isOverdue: Bool) {
        state.withLock { state in
            if isOverdue { state.overdue.insert(part) } else { state.overdue.remove(part) }
        }
    }

    /// Whether a part may be requested: not within an hour after the provider refused it to the key.
    func mayRequest(_ part: DataPart, at now: Instant) -> Bool {
        state.withLock { state in state.suspended[part].map { $0 <= now } ?? true }
    }

    /// Stops requests for a part until a time; `nil` allows them again.
    func suspend(_ part: DataPart, until end: Instant?) {
        state.withLock { $0.suspended[part] = end }
    }

    /// What the source has learned about the account, saved with the data.
    var facts: [String: String] {
        get { state.withLock { $0.facts } }
        set { state.withLock { $0.facts = newValue } }
    }

    /// Changes the data; the change is published by the next `publish`.
    func update<Result>(_ update: (inout AccountData) -> sending Result) -> sending Result {
        state.withLock { update(&$0.data) }
    }

    /// Saves the data and status, then publishes the report, so that a restart knows every counter ever published.
    ///
    /// An account has one publication at a time, across the collectors that replace each other: a slow write never
    /// replaces a later one.
    ///
    /// - Returns: the published report; `nil` after `retire`.
    @discardableResult
    func publish(_ status: AccountStatus) async -> LimitedReport? {
        guard (try? await publicationLock.acquire()) != nil else { return nil }
        defer { publicationLock.release() }
        guard let publication = prepare(status) else { return nil }
        report(publication)
        await save(publication.snapshot)
        state.withLock { state in
            if !state.isRetired { context.store.publish(publication.limited.report) }
        }
        return publication.limited
    }

    /// Takes over the data of an earlier run or of the account's collector under the previous configuration.
    func restore(_ snapshot: AccountSnapshot) {
        let time = ClockReading(context.clock)
        let isSame = snapshot.identity == plan.settings.identity
        var data = AccountData(snapshot, retention: retention, sameConfiguration: isSame, time)
        if !plan.settings.mailboxes { (data.mailboxes, data.messagesScheduled) = (nil, nil) }
        if !plan.settings.mailboxes || !plan.settings.domains { (data.domainChecks, data.mailboxChecks) = (nil, nil) }
        state.withLock { state in
            state.data = data
            state.counters = MonotonicCounters(snapshot.counters)
            state.overdue = isSame ? [] : [.labels, .mailboxes, .domainChecks, .planLimits]
            state.facts = snapshot.facts ?? [:]
        }
    }

    /// Stops publishing; returns the data for a successor.
    func retire(_ status: AccountStatus) -> AccountSnapshot {
        let time = ClockReading(context.clock)
        return state.withLock { state in
            state.isRetired = true
            return snapshot(state, status, time)
        }
    }

    private func prepare(_ status: AccountStatus) -> Publication? {
        let time = ClockReading(context.clock)
        return state.withLock { state in
            guard !state.isRetired else { return nil }
            let (report, corrections) = state.data.report(through: &state.counters, at: time)
            let stale = state.data.stale(at: time.now)
            defer { state.stale = stale }
            return Publication(
                limited: plan.limits.applied(to: report),
                snapshot: context.archive == nil ? nil : snapshot(state, status, time),
                corrections: corrections,
                newlyStale: stale.subtracting(state.stale)
            )
        }
    }

    private func snapshot(_ state: State, _ status: AccountStatus, _ time: ClockReading) -> AccountSnapshot {
        AccountSnapshot(
            state.data,
            identity: plan.settings.identity,
            status: status,
            counters: state.counters.snapshot,
            facts: state.facts,
            time
        )
    }

    private func report(_ publication: Publication) {
        for part in DataPart.allCases where publication.newlyStale.contains(part) {
            context.report(plan.account, .stale(part))
        }
        let corrections = publication.corrections
        if context.records[plan.account]?.status.countersHeld != corrections.inForce {
            context.records.update(plan.account) { $0.status.countersHeld = corrections.inForce }
        }
        guard corrections.isNew else { return }
        context.report(plan.account, .corrected(held: corrections.held, reset: corrections.reset))
        context.records.count(plan.account) { counters in
            counters.held += corrections.held
            counters.reset += corrections.reset
        }
    }

    /// Records why the stored data could not be read, which a failure to save does not repeat.
    func isUnreadable(_ error: SnapshotError) {
        state.withLock { $0.loadError = error }
    }

    /// Reports a problem when it arises or its numbers change.
    func reportChange(_ kind: CollectionEvent.Kind, isProblem: Bool) {
        let event = CollectionEvent(account: plan.account, kind: kind)
        let isNew = state.withLock { state in
            let last = state.warnings[event.message]
            state.warnings[event.message] = isProblem ? kind : nil
            return isProblem && last != kind
        }
        if isNew { context.report(plan.account, kind) }
    }

    /// Saves a snapshot; reports the first of consecutive failures.
    private func save(_ snapshot: AccountSnapshot?) async {
        guard let snapshot, let archive = context.archive else { return }
        do throws(SnapshotError) {
            try await archive.save(snapshot)
            state.withLock { $0.archiveFailed = false }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.archiveFailed = true }
                return !state.archiveFailed && error != state.loadError
            }
            if isFirst { context.report(plan.account, .archiveFailed(error)) }
        }
    }
}
