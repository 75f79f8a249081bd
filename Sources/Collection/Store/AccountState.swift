// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// Everything known about an account, each part with its age.
struct AccountData: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// Whose data this is.
    let account: Account
    /// How long the parts live.
    let lifetimes: Retention
    /// The campaigns.
    var book = CampaignTracker()
    /// The mailboxes.
    var mailboxes: Fetched<MailboxGroup>?
    /// The checks of their domains that the provider has a call of its own for.
    var domainChecks: Fetched<[DomainCheck]>?
    /// Whether sums over groups of campaigns tell if one of them moved.
    var groupTrust = GroupTrust()

    /// What may be shown at a moment, no counter lower than shown before, and the falls met for the first time.
    func report(
        through counterGuard: inout MonotonicCounters,
        at dating: ClockReading
    ) -> (report: AccountReport, corrections: MonotonicCounters.Corrections) {
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
    func stale(at now: Instant) -> Set<DataPart> {
        var stale: Set<DataPart> = []
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

/// An account's data in use: collected into, published from, saved and taken over.
final class AccountState: Sendable {
    private struct State {
        var data: AccountData
        var counterGuard = MonotonicCounters()
        var overdue: Set<DataPart> = []
        var stale: Set<DataPart> = []
        var isRetired = false
        var archiveFailed = false
    }

    /// A report ready to be shown, with what is to be saved before.
    private struct Publication {
        let limited: LimitedReport
        let saved: AccountSnapshot?
        let corrections: MonotonicCounters.Corrections
        let newlyStale: Set<DataPart>
    }

    private let plan: AccountPlan
    private let environment: CollectionContext
    private let turn: AsyncSemaphore
    private let state: Mutex<State>

    /// Opens an empty ledger.
    init(_ plan: AccountPlan, _ environment: CollectionContext) {
        self.plan = plan
        self.environment = environment
        turn = environment.publications.of(plan.account)
        state = Mutex(State(data: AccountData(account: plan.account, lifetimes: plan.lifetimes)))
    }

    /// What is known.
    var data: AccountData { state.withLock { $0.data } }

    /// Whether a part has to be fetched whatever its age, because the last try failed.
    func isOverdue(_ part: DataPart) -> Bool { state.withLock { $0.overdue.contains(part) } }

    /// Notes whether the last try to fetch a part failed.
    func setOverdue(_ part: DataPart, _ isOverdue: Bool) {
        state.withLock { state in
            if isOverdue { state.overdue.insert(part) } else { state.overdue.remove(part) }
        }
    }

    /// Changes what is known; it is shown with the next `publish`.
    func update<Result>(_ update: (inout AccountData) -> sending Result) -> sending Result {
        state.withLock { update(&$0.data) }
    }

    /// Saves what may be shown now, and the status along with it, then shows it.
    ///
    /// So what was ever shown is known after a restart. One publication of an account at a time: a slow one never replaces
    /// a later one, not even one of the ledger that took this one's place.
    ///
    /// - Returns: what is shown and what the limits took away; `nil` where nothing is shown any more.
    @discardableResult
    func publish(_ status: AccountStatus) async -> LimitedReport? {
        guard (try? await turn.enter()) != nil else { return nil }
        defer { turn.leave() }
        guard let publication = prepare(status) else { return nil }
        report(publication)
        await save(publication.saved)
        show(publication.limited.report)
        return publication.limited
    }

    /// Takes up what an earlier run or another configuration left.
    func restore(_ saved: AccountSnapshot) {
        let dating = ClockReading(environment.clock)
        let isSame = saved.identity == plan.settings.identity
        var data = AccountData(saved, lifetimes: plan.lifetimes, sameConfiguration: isSame, dating)
        if !plan.settings.mailboxes { data.mailboxes = nil }
        if !plan.settings.mailboxes || !plan.settings.domains { data.domainChecks = nil }
        state.withLock { state in
            state.data = data
            state.counterGuard = MonotonicCounters(saved.marks)
            state.overdue = isSame ? [] : [.mailboxes, .domainChecks]
        }
    }

    /// Shows nothing from here on; returns what a successor needs to go on.
    func retire(_ status: AccountStatus) -> AccountSnapshot {
        let dating = ClockReading(environment.clock)
        return state.withLock { state in
            state.isRetired = true
            return saved(state, status, dating)
        }
    }

    private func prepare(_ status: AccountStatus) -> Publication? {
        let dating = ClockReading(environment.clock)
        return state.withLock { state in
            guard !state.isRetired else { return nil }
            let (report, corrections) = state.data.report(through: &state.counterGuard, at: dating)
            let stale = state.data.stale(at: dating.now)
            defer { state.stale = stale }
            return Publication(
                limited: plan.limits.applied(to: report),
                saved: environment.archive == nil ? nil : saved(state, status, dating),
                corrections: corrections,
                newlyStale: stale.subtracting(state.stale)
            )
        }
    }

    private func saved(_ state: State, _ status: AccountStatus, _ dating: ClockReading) -> AccountSnapshot {
        state.data.saved(identity: plan.settings.identity, status: status, marks: state.counterGuard.marks, dating)
    }

    private func report(_ publication: Publication) {
        for part in DataPart.allCases where publication.newlyStale.contains(part) {
            environment.report(plan.account, .stale(part))
        }
        let corrections = publication.corrections
        guard corrections != MonotonicCounters.Corrections() else { return }
        environment.report(plan.account, .corrected(held: corrections.held, reset: corrections.reset))
        environment.records.count(plan.account) { counters in
            counters.held += corrections.held
            counters.reset += corrections.reset
        }
    }

    private func save(_ saved: AccountSnapshot?) async {
        guard let saved, let archive = environment.archive else { return }
        do throws(SnapshotError) {
            try await archive.save(saved)
            state.withLock { $0.archiveFailed = false }
        } catch {
            let isNew = state.withLock { state in
                defer { state.archiveFailed = true }
                return !state.archiveFailed
            }
            if isNew { environment.report(plan.account, .archiveFailed(error)) }
        }
    }

    private func show(_ report: AccountReport) {
        state.withLock { state in
            if !state.isRetired { environment.store.publish(report) }
        }
    }
}

extension AccountPlan {
    /// How long the parts of the account's data live.
    var lifetimes: Retention { Retention(campaigns: settings.maxStaleness) }
}

/// A value and when it was asked for.
struct Fetched<Value: Sendable>: Sendable {
    /// The value.
    let value: Value
    /// When it was asked for.
    let fetched: ContinuousClock.Instant
}

/// How often the parts of an account's data are fetched and how old they may be shown.
struct Retention: Sendable {
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

/// One turn at a time per account, whichever of its collectors takes it: the one that a reload replaced may still be
/// writing when its successor wants to.
final class PublicationLocks: Sendable {
    private let turns = Mutex<[Account: AsyncSemaphore]>([:])

    /// The turns of an account.
    func of(_ account: Account) -> AsyncSemaphore {
        turns.withLock { turns in
            let turn = turns[account] ?? AsyncSemaphore(1)
            turns[account] = turn
            return turn
        }
    }
}
