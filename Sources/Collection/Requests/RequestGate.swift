// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The gate that every request of an account passes: limiter, slot, attempt, retry.
package struct RequestGate: Sendable {
    private let passage: Passage?

    /// Opens a gate without limits and retries, for a single call.
    package init() {
        passage = nil
    }

    /// Opens an account's gate for calls outside its collection: the same limits and retries, and no end to a cycle.
    package init(of plan: AccountPlan, limiter: RateLimiter, in environment: CollectionContext) {
        environment.records.add(plan.account, interval: plan.settings.interval)
        self.init(Passage(of: plan, limiter: limiter, circuit: CircuitBreaker(), in: environment))
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
        attempt: @Sendable () async throws(APIError) -> APIResponse
    ) async throws(APIError) -> APIResponse {
        guard let passage else { return try await attempt() }
        var retry = 0
        while true {
            do throws(APIError) {
                return try await passage.send(endpoint, attempt)
            } catch {
                retry += 1
                try await passage.pause(after: error, retry: retry)
            }
        }
    }
}

/// What every request of an account passes: its own slots, the limiter of its key, the slots of all accounts.
struct Passage: Sendable {
    /// Whose requests these are.
    let account: Account
    /// The limiter of its key.
    let limiter: RateLimiter
    /// Its own requests at once.
    let slots: AsyncSemaphore
    /// The requests of all accounts at once.
    let total: AsyncSemaphore
    /// Whether anything may pass.
    let circuit: CircuitBreaker
    /// The surroundings.
    let environment: CollectionContext

    private var clock: any CollectionClock { environment.clock }

    /// Sends a request once, as soon as everything allows it.
    func send(
        _ endpoint: String,
        _ attempt: @Sendable () async throws(APIError) -> APIResponse
    ) async throws(APIError) -> APIResponse {
        try refuseEndlessPause()
        try await circuit.waiting { () async throws(APIError) in try await enter() }
        defer { leave() }
        if let refusal = circuit.refusal { throw refusal }
        let sent = clock.now
        do throws(APIError) {
            let reply = try await attempt()
            record(endpoint, String(reply.status), since: sent)
            return reply
        } catch {
            if error != .cancelled { record(endpoint, error.code, since: sent) }
            react(to: error, sent: sent)
            throw error
        }
    }

    /// Waits before another try.
    ///
    /// - Throws: the failure itself where another try cannot help or would come too late.
    func pause(after failure: APIError, retry: Int) async throws(APIError) {
        guard let reason = failure.retryReason,
            let wait = Backoff.wait(after: failure, retry: retry, jitter: environment.jitter)
        else { throw failure }
        let moment = max(clock.now + wait, limiter.pause ?? clock.now)
        if let deadline = circuit.deadline, moment >= deadline { throw failure }
        try await circuit.waiting { () async throws(APIError) in try await clock.wait(until: moment) }
        environment.records.count(account) { $0.retries[reason, default: 0] += 1 }
    }

    /// Fails at once what would only wait for the end of the cycle.
    private func refuseEndlessPause() throws(APIError) {
        guard let deadline = circuit.deadline, let pause = limiter.pause, pause >= deadline else { return }
        throw .throttled(retryAfter: pause - clock.now)
    }

    /// The own slot comes first, so that an account never has more requests in the limiter's line than it may send;
    /// the common one last, so that nobody holds it while waiting for something else.
    private func enter() async throws(APIError) {
        try await slots.enter()
        do throws(APIError) {
            try await passLimiter()
            try await total.enter()
        } catch {
            slots.leave()
            throw error
        }
    }

    private func leave() {
        total.leave()
        slots.leave()
    }

    private func passLimiter() async throws(APIError) {
        let asked = clock.now
        defer {
            let waited = clock.now - asked
            if waited > .zero { environment.records.count(account) { $0.throttled += waited } }
        }
        try await limiter.pass()
    }

    private func react(to failure: APIError, sent: ContinuousClock.Instant) {
        switch failure {
        case .refused: circuit.trip(failure)
        case .throttled(let retryAfter):
            limiter.slowDown(sent: sent, retryAfter: retryAfter)
            if circuit.firstThrottling() {
                environment.report(account, .throttled(pace: limiter.pace, retryAfter: retryAfter))
            }
        default: break
        }
    }

    private func record(_ endpoint: String, _ code: String, since sent: ContinuousClock.Instant) {
        let seconds = (clock.now - sent) / .seconds(1)
        environment.records.count(account) { $0.addRequest(endpoint, code, seconds: seconds) }
    }
}

extension Passage {
    /// The passage of a planned account.
    init(of plan: AccountPlan, limiter: RateLimiter, circuit: CircuitBreaker, in environment: CollectionContext) {
        self.init(
            account: plan.account,
            limiter: limiter,
            slots: AsyncSemaphore(plan.settings.concurrency),
            total: environment.total,
            circuit: circuit,
            environment: environment
        )
    }
}

/// How often and after which wait a failed request is made again.
enum Backoff {
    /// Retries behind the first attempt.
    static let retries = 4

    /// The longest wait before a retry that is not asked for by the provider: doubling from a second ("full jitter").
    static func ceiling(retry: Int) -> Duration {
        .seconds(min(30, 1 << min(max(retry, 1) - 1, 5)))
    }

    /// The wait before a retry, counted from 1; `nil` where another attempt cannot help.
    static func wait(after failure: APIError, retry: Int, jitter: Jitter) -> Duration? {
        guard failure.retryReason != nil, retry <= retries else { return nil }
        return failure.requestedWait ?? jitter.upTo(ceiling(retry: retry))
    }
}
