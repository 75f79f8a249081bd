// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import Synchronization

/// All accounts of this exporter, as the configuration plans them at the moment.
package final class CollectionManager: Sendable {
    private struct Member {
        let settings: AccountSettings
        let limits: ReportLimits
        let collector: AccountCollector
        let stop = OneShotEvent()
    }

    private struct State {
        var members: [Account: Member] = [:]
        var limiters: [RateLimitKey: RateLimiter] = [:]
        var isPlanned = false
        var isReady = false
    }

    private let environment: CollectionContext
    private let state = Mutex(State())
    private let arrivals: AsyncStream<Member>
    private let arrive: AsyncStream<Member>.Continuation

    /// Founds a fleet without accounts.
    package init(in environment: CollectionContext) {
        self.environment = environment
        (arrivals, arrive) = AsyncStream.makeStream(of: Member.self)
    }

    /// Whether every account's first attempt has ended or was restored; once true, it stays true.
    package var isReady: Bool {
        let starting = environment.records.statuses.contains { $0.state == .starting }
        return state.withLock { state in
            if state.isPlanned, !starting { state.isReady = true }
            return state.isReady
        }
    }

    /// Takes over a configuration: unchanged accounts go on undisturbed, changed ones start anew from the data they
    /// have, missing ones disappear with everything about them.
    package func apply(_ plans: [AccountPlan]) {
        state.withLock { state in
            let planned = Set(plans.map(\.account))
            for account in state.members.keys where !planned.contains(account) { dismiss(account, from: &state) }
            adjustLimiters(plans, in: &state)
            for plan in plans {
                let member = state.members[plan.account]
                if member?.settings != plan.settings || member?.limits != plan.limits { engage(plan, in: &state) }
            }
            state.isPlanned = true
        }
    }

    /// Collects until cancelled; called once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await member in arrivals {
                group.addTask { try? await member.stop.cancelling { await member.collector.run() } }
            }
        }
    }

    private func dismiss(_ account: Account, from state: inout State) {
        guard let member = state.members.removeValue(forKey: account) else { return }
        member.stop.open()
        _ = member.collector.retire()
        environment.store.remove(account)
        environment.records.remove(account)
    }

    private func engage(_ plan: AccountPlan, in state: inout State) {
        guard let limiter = state.limiters[plan.settings.rateLimitKey] else { return }
        let predecessor = state.members[plan.account]
        predecessor?.stop.open()
        let member = Member(
            settings: plan.settings,
            limits: plan.limits,
            collector: AccountCollector(
                plan,
                limiter: limiter,
                predecessor: predecessor?.collector.retire(),
                in: environment
            )
        )
        state.members[plan.account] = member
        arrive.yield(member)
    }

    /// Gives every key one limiter; accounts that share a key share the lowest of their rates.
    private func adjustLimiters(_ plans: [AccountPlan], in state: inout State) {
        let before = state.limiters
        state.limiters = plans.limiters(environment.clock, from: before)
    }
}

extension AccountPlan {
    /// The requests that may go at once after a pause: an eighth of a second's.
    package var burst: Double { max(1, settings.requestsPerSecond / 8) }

    fileprivate func limiter(from before: RateLimiter?, _ clock: any CollectionClock) -> RateLimiter {
        guard let before else { return RateLimiter(rate: settings.requestsPerSecond, burst: burst, clock: clock) }
        before.configure(rate: settings.requestsPerSecond, burst: burst)
        return before
    }
}

extension [AccountPlan] {
    /// A limiter for every rate limit, those there were before where there were any; plans that share one get the lowest
    /// of their rates.
    package func limiters(
        _ clock: any CollectionClock,
        from before: [RateLimitKey: RateLimiter] = [:]
    ) -> [RateLimitKey: RateLimiter] {
        Dictionary(grouping: self, by: \.settings.rateLimitKey).mapValues { plans in
            let slowest = plans.reduce(plans[0]) {
                $1.settings.requestsPerSecond < $0.settings.requestsPerSecond ? $1 : $0
            }
            return slowest.limiter(from: before[slowest.settings.rateLimitKey], clock)
        }
    }
}

/// How an account is collected: its settings, the limits of its report, and its provider's client.
package struct AccountPlan: Sendable {
    /// What the configuration says about the account.
    package var settings: AccountSettings
    /// The limits of the account's report, which the configuration sets for all accounts.
    package var limits: ReportLimits
    /// Makes the provider's client, which sends its requests through the gate.
    package var source: @Sendable (RequestGate) -> any AccountSource

    /// The labels of the account.
    package var account: Account { settings.account }

    /// Plans the collection of an account.
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
