// SPDX-License-Identifier: Apache-2.0

/// The gate that every request of an account passes: limiter, slot, attempt, retry.
package struct CallGate: Sendable {
    private let passage: Passage?

    /// Opens a gate without limits and retries, for a single call.
    package init() {
        passage = nil
    }

    /// Opens an account's gate for calls outside its collection: the same limits and retries, and no end to a cycle.
    package init(of plan: AccountPlan, limiter: Limiter, in environment: CollectionEnvironment) {
        environment.records.add(plan.account, interval: plan.interval)
        self.init(Passage(of: plan, limiter: limiter, circuit: Circuit(), in: environment))
    }

    /// Puts a gate before a passage.
    init(_ passage: Passage) {
        self.passage = passage
    }

    /// Makes a call, again where that can heal.
    ///
    /// - Parameters:
    ///   - endpoint: the route pattern, without ids: `/api/v2/campaigns/analytics/steps`.
    ///   - attempt: sends the request once and tells failures apart.
    /// - Returns: the successful attempt's answer.
    /// - Throws: the last attempt's failure; at once the refusal of an earlier call of the same cycle.
    package func call(
        _ endpoint: String,
        attempt: @Sendable () async throws(CallFailure) -> Reply
    ) async throws(CallFailure) -> Reply {
        guard let passage else { return try await attempt() }
        var retry = 0
        while true {
            do throws(CallFailure) {
                return try await passage.send(endpoint, attempt)
            } catch {
                retry += 1
                try await passage.pause(after: error, retry: retry)
            }
        }
    }
}
