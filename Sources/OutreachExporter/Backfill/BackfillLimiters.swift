// SPDX-License-Identifier: Apache-2.0

internal import Collection

/// One limiter per key, as in the collection.
struct BackfillLimiters {
    private let limiters: [String: Limiter]

    /// Makes the limiters of some plans; plans that share a key share the lowest of their rates.
    init(_ plans: [AccountPlan], clock: any CollectionClock) {
        limiters = Dictionary(grouping: plans, by: \.limitKey).mapValues { plans in
            let slowest = plans.reduce(plans[0]) { $1.requestsPerSecond < $0.requestsPerSecond ? $1 : $0 }
            return Limiter(rate: slowest.requestsPerSecond, burst: slowest.burst, clock: clock)
        }
    }

    /// The limiter of a plan among them.
    func limiter(of plan: AccountPlan) -> Limiter? { limiters[plan.limitKey] }
}
