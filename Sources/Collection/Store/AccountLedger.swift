// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// An account's data in use: collected into, published from, saved and taken over.
final class AccountLedger: Sendable {
    private struct State {
        var data: AccountData
        var counterGuard = CounterGuard()
        var overdue: Set<StalePart> = []
        var stale: Set<StalePart> = []
        var isRetired = false
        var archiveFailed = false
    }

    /// A report ready to be shown, with what is to be saved before.
    private struct Publication {
        let limited: LimitedReport
        let saved: SavedAccount?
        let corrections: CounterGuard.Corrections
        let newlyStale: Set<StalePart>
    }

    private let plan: AccountPlan
    private let environment: CollectionEnvironment
    private let turn: Slots
    private let state: Mutex<State>

    /// Opens an empty ledger.
    init(_ plan: AccountPlan, _ environment: CollectionEnvironment) {
        self.plan = plan
        self.environment = environment
        turn = environment.publications.of(plan.account)
        state = Mutex(State(data: AccountData(account: plan.account, lifetimes: plan.lifetimes)))
    }

    /// What is known.
    var data: AccountData { state.withLock { $0.data } }

    /// Whether a part has to be fetched whatever its age, because the last try failed.
    func isOverdue(_ part: StalePart) -> Bool { state.withLock { $0.overdue.contains(part) } }

    /// Notes whether the last try to fetch a part failed.
    func setOverdue(_ part: StalePart, _ isOverdue: Bool) {
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
    func restore(_ saved: SavedAccount) {
        let dating = Dating(environment.clock)
        let isSame = saved.identity == plan.identity
        var data = AccountData(saved, lifetimes: plan.lifetimes, sameConfiguration: isSame, dating)
        if !plan.mailboxes { data.mailboxes = nil }
        if !plan.mailboxes || !plan.domains { data.domainChecks = nil }
        state.withLock { state in
            state.data = data
            state.counterGuard = CounterGuard(saved.marks)
            state.overdue = isSame ? [] : [.mailboxes, .domainChecks]
        }
    }

    /// Shows nothing from here on; returns what a successor needs to go on.
    func retire(_ status: AccountStatus) -> SavedAccount {
        let dating = Dating(environment.clock)
        return state.withLock { state in
            state.isRetired = true
            return saved(state, status, dating)
        }
    }

    private func prepare(_ status: AccountStatus) -> Publication? {
        let dating = Dating(environment.clock)
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

    private func saved(_ state: State, _ status: AccountStatus, _ dating: Dating) -> SavedAccount {
        state.data.saved(identity: plan.identity, status: status, marks: state.counterGuard.marks, dating)
    }

    private func report(_ publication: Publication) {
        for part in StalePart.allCases where publication.newlyStale.contains(part) {
            environment.report(plan.account, .stale(part))
        }
        let corrections = publication.corrections
        guard corrections != CounterGuard.Corrections() else { return }
        environment.report(plan.account, .corrected(held: corrections.held, reset: corrections.reset))
        environment.records.count(plan.account) { counters in
            counters.held += corrections.held
            counters.reset += corrections.reset
        }
    }

    private func save(_ saved: SavedAccount?) async {
        guard let saved, let archive = environment.archive else { return }
        do throws(ArchiveFailure) {
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
    var lifetimes: Lifetimes { Lifetimes(campaigns: maxStaleness) }
}
