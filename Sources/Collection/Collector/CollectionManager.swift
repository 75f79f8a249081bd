// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import Synchronization

/// Runs the collectors of all configured accounts, and replaces them when the configuration changes.
package final class CollectionManager: Sendable {
    private struct RunningAccount {
        let settings: AccountSettings
        let limits: ReportLimits
        let collector: AccountCollector
        let startedAt: ContinuousClock.Instant
        let stop = OneShotEvent()
    }

    private struct State {
        var accounts: [Account: RunningAccount] = [:]
        var limiters: [RateLimitKey: RateLimiter] = [:]
        var isConfigured = false
        var isReady = false
    }

    private let context: CollectionContext
    private let state = Mutex(State())
    private let added: AsyncStream<RunningAccount>
    private let addedContinuation: AsyncStream<RunningAccount>.Continuation

    package init(in context: CollectionContext) {
        self.context = context
        (added, addedContinuation) = AsyncStream.makeStream(of: RunningAccount.self)
    }

    /// The time that an account has for its first answer: a provider that is silent must not hold up a rollout.
    private static let startTime = Duration.seconds(30)

    /// Whether every account has finished its first collection, restored saved data, or had 30 seconds for it; once
    /// true, it stays true.
    package var isReady: Bool {
        let starting = context.records.statuses.filter { $0.state == .starting }.map(\.account)
        let latest = context.clock.now - Self.startTime
        return state.withLock { state in
            let isStarting = starting.contains { account in
                state.accounts[account].map { $0.startedAt > latest } ?? false
            }
            if state.isConfigured, !isStarting { state.isReady = true }
            return state.isReady
        }
    }

    /// Applies a configuration: unchanged accounts continue, changed ones restart with the data they have, and missing
    /// ones are removed with their data.
    package func apply(_ plans: [AccountPlan]) {
        state.withLock { state in
            let planned = Set(plans.map(\.account))
            for account in state.accounts.keys where !planned.contains(account) { remove(account, from: &state) }
            state.limiters = plans.limiters(context.clock, from: state.limiters)
            for plan in plans {
                let running = state.accounts[plan.account]
                if running?.settings != plan.settings || running?.limits != plan.limits { start(plan, in: &state) }
            }
            state.isConfigured = true
        }
    }

    /// Collects until cancelled; called once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await account in added {
                group.addTask { try? await account.stop.cancelling { await account.collector.run() } }
            }
        }
    }

    private func remove(_ account: Account, from state: inout State) {
        guard let running = state.accounts.removeValue(forKey: account) else { return }
        running.stop.signal()
        _ = running.collector.retire()
        context.store.remove(account)
        context.records.remove(account)
    }

    private func start(_ plan: AccountPlan, in state: inout State) {
        guard let limiter = state.limiters[plan.settings.rateLimitKey] else { return }
        let predecessor = state.accounts[plan.account]
        predecessor?.stop.signal()
        let inherited = predecessor?.collector.retire()
        let account = RunningAccount(
            settings: plan.settings,
            limits: plan.limits,
            collector: AccountCollector(plan, limiter: limiter, inherited: inherited, in: context),
            startedAt: context.clock.now
        )
        state.accounts[plan.account] = account
        addedContinuation.yield(account)
    }
}

extension AccountPlan {
    /// The requests that may go at once after a pause: an eighth of a second's.
    package var burst: Double { max(1, settings.requestsPerSecond / 8) }
}

extension [AccountPlan] {
    /// A rate limiter per API key, existing ones reused; accounts that share a key share the lowest of their rates.
    package func limiters(
        _ clock: any CollectionClock,
        from existing: [RateLimitKey: RateLimiter] = [:]
    ) -> [RateLimitKey: RateLimiter] {
        Dictionary(grouping: self, by: \.settings.rateLimitKey).mapValues { plans in
            let slowest = plans.reduce(plans[0]) {
                $1.settings.requestsPerSecond < $0.settings.requestsPerSecond ? $1 : $0
            }
            let (rate, burst) = (slowest.settings.requestsPerSecond, slowest.burst)
            let maximum = plans.map(\.settings.maximumRequestsPerSecond).min()
            guard let limiter = existing[slowest.settings.rateLimitKey] else {
                return RateLimiter(rate: rate, maximum: maximum, burst: burst, clock: clock)
            }
            limiter.configure(rate: rate, maximum: maximum, burst: burst)
            return limiter
        }
    }
}

/// How an account is collected: its settings, the limits of its report, and its provider's client.
package struct AccountPlan: Sendable {
    package var settings: AccountSettings
    /// The limits of the account's report, which the configuration sets for all accounts.
    package var limits: ReportLimits
    /// Makes the provider's client, which sends its requests through the gate.
    package var source: @Sendable (RequestGate) -> any AccountSource
    /// Looks at the beginning of every cycle whether the account has another key now; returns what to log.
    package var refreshKey: @Sendable () async -> CollectionEvent.Kind? = { nil }

    package var account: Account { settings.account }

    package init(
        _ settings: AccountSettings,
        limits: ReportLimits = ReportLimits(),
        source: @escaping @Sendable (RequestGate) -> any AccountSource
    ) {
        self.settings = settings
        self.limits = limits
        self.source = source
    }
}
