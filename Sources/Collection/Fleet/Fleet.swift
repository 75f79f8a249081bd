// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// All accounts of this exporter, as the configuration plans them at the moment.
package final class Fleet: Sendable {
    private struct Member {
        let identity: [String]
        let collector: AccountCollector
        let stop = Latch()
    }

    private struct State {
        var members: [Account: Member] = [:]
        var limiters: [String: Limiter] = [:]
        var isPlanned = false
        var isReady = false
    }

    private let environment: CollectionEnvironment
    private let state = Mutex(State())
    private let arrivals: AsyncStream<Member>
    private let arrive: AsyncStream<Member>.Continuation

    /// Founds a fleet without accounts.
    package init(in environment: CollectionEnvironment) {
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

    fileprivate func limiter(from before: Limiter?, _ clock: any CollectionClock) -> Limiter {
        guard let before else { return Limiter(rate: requestsPerSecond, burst: burst, clock: clock) }
        before.configure(rate: requestsPerSecond, burst: burst)
        return before
    }
}

extension [AccountPlan] {
    /// A limiter for every key, those there were before where there were any; plans that share a key share the lowest of
    /// their rates.
    package func limiters(_ clock: any CollectionClock, from before: [String: Limiter] = [:]) -> [String: Limiter] {
        Dictionary(grouping: self, by: \.limitKey).mapValues { plans in
            let slowest = plans.reduce(plans[0]) { $1.requestsPerSecond < $0.requestsPerSecond ? $1 : $0 }
            return slowest.limiter(from: before[slowest.limitKey], clock)
        }
    }
}
