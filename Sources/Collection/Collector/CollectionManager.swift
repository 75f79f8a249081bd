// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import Synchronization

/// All accounts of this exporter, as the configuration plans them at the moment.
package final class CollectionManager: Sendable {
    private struct Member {
        let identity: [String]
        let collector: AccountCollector
        let stop = OneShotEvent()
    }

    private struct State {
        var members: [Account: Member] = [:]
        var limiters: [String: RateLimiter] = [:]
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

    /// Takes over a configuration: accounts of the same identity go on as if nothing had happened, changed ones start
    /// anew from the data they have, missing ones disappear with everything about them.
    package func apply(_ plans: [AccountPlan]) {
        state.withLock { state in
            let planned = Set(plans.map(\.account))
            for account in state.members.keys where !planned.contains(account) { dismiss(account, from: &state) }
            adjustLimiters(plans, in: &state)
            for plan in plans where state.members[plan.account]?.identity != plan.fullIdentity {
                engage(plan, in: &state)
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
        guard let limiter = state.limiters[plan.limitKey] else { return }
        let predecessor = state.members[plan.account]
        predecessor?.stop.open()
        let member = Member(
            identity: plan.fullIdentity,
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
    /// Another key and other limits make another account too: but the key's text is kept in memory alone, and limits
    /// say nothing about the data.
    fileprivate var fullIdentity: [String] { [identity, limitKey, "\(limits.series)", "\(limits.labelValueLength)"] }

    fileprivate func limiter(from before: RateLimiter?, _ clock: any CollectionClock) -> RateLimiter {
        guard let before else { return RateLimiter(rate: requestsPerSecond, burst: burst, clock: clock) }
        before.configure(rate: requestsPerSecond, burst: burst)
        return before
    }
}

extension [AccountPlan] {
    /// A limiter for every key, those there were before where there were any; plans that share a key share the lowest of
    /// their rates.
    package func limiters(_ clock: any CollectionClock, from before: [String: RateLimiter] = [:]) -> [String:
        RateLimiter]
    {
        Dictionary(grouping: self, by: \.limitKey).mapValues { plans in
            let slowest = plans.reduce(plans[0]) { $1.requestsPerSecond < $0.requestsPerSecond ? $1 : $0 }
            return slowest.limiter(from: before[slowest.limitKey], clock)
        }
    }
}

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
    package var source: @Sendable (RequestGate) -> any AccountSource

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
        source: @escaping @Sendable (RequestGate) -> any AccountSource
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
