// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Sends the requests of one account within its limits, and retries those that failed for a passing reason.
///
/// A request first takes a permit of its account, so that an account never queues more requests at the rate limiter than
/// it may have in flight; then a token of the rate limiter; last a permit shared by all accounts, so that none is held
/// while waiting for something else.
package struct RequestGate: Sendable {
    fileprivate struct Limits {
        let account: Account
        let limiter: RateLimiter
        let semaphore: AsyncSemaphore
        let circuit: CircuitBreaker
        let context: CollectionContext

        var clock: any CollectionClock { context.clock }
    }

    private let limits: Limits?

    /// Creates a gate without limits and retries, for a single request.
    package init() {
        limits = nil
    }

    /// Creates an account's gate for requests outside its collection: same limits and retries, but no deadline.
    package init(of plan: AccountPlan, limiter: RateLimiter, in context: CollectionContext) {
        self.init(of: plan, limiter: limiter, circuit: CircuitBreaker(), in: context)
    }

    init(of plan: AccountPlan, limiter: RateLimiter, circuit: CircuitBreaker, in context: CollectionContext) {
        let settings = plan.settings
        context.records.add(plan.account, interval: settings.interval, attribution: settings.attribution)
        limits = Limits(
            account: plan.account,
            limiter: limiter,
            semaphore: AsyncSemaphore(plan.settings.concurrency),
            circuit: circuit,
            context: context
        )
    }

    package func report(_ event: CollectionEvent.Kind) {
        if let limits { limits.context.report(limits.account, event) }
    }

    /// Counts unusable values of a response, and reports the first of each field of the account.
    package func report(_ values: [UnusableValue]) {
        guard let limits else { return }
        for value in values where limits.context.records.count(value, of: limits.account) {
            limits.context.report(limits.account, .valueUnusable(value))
        }
    }

    /// Runs the decoding of a body: of large bodies one at a time over all accounts, which bounds their memory.
    package func decoding<Value>(
        _ bytes: Int,
        _ decode: () throws(APIError) -> Value
    ) async throws(APIError) -> Value {
        guard let limits, bytes > Self.largeBody else { return try decode() }
        try await limits.context.decodingSemaphore.acquire()
        defer { limits.context.decodingSemaphore.release() }
        return try decode()
    }

    /// From this size on, in bytes, a body is large: pages of 100 rows without the texts of messages are smaller.
    private static let largeBody = 128 << 10

    /// Sends a request, at most `1 + Backoff.retries` times.
    ///
    /// - Parameters:
    ///   - route: the route pattern without ids, a label value: `/api/v2/campaigns/analytics/steps`.
    ///   - part: what the request is for; only a refusal of the campaigns fails the account's other requests.
    ///   - attempt: sends the request once.
    /// - Returns: the response of the successful attempt.
    /// - Throws: the last attempt's error; without an attempt, the error that tripped the account's circuit breaker.
    package func call(
        _ route: String,
        for part: DataPart = .campaigns,
        attempt: @Sendable () async throws(APIError) -> APIResponse
    ) async throws(APIError) -> APIResponse {
        do throws(APIError) {
            guard let limits else { return try await attempt() }
            return try await limits.call(route) { () async throws(APIError) in
                do throws(APIError) { return try await attempt() } catch { throw error.of(route, for: part) }
            }
        } catch {
            throw error.of(route, for: part)
        }
    }
}

extension RequestGate.Limits {
    /// Sends a request until it succeeds or a retry cannot help.
    func call(
        _ route: String,
        _ attempt: @Sendable () async throws(APIError) -> APIResponse
    ) async throws(APIError) -> APIResponse {
        var retry = 0
        while true {
            do throws(APIError) {
                return try await send(route, attempt)
            } catch {
                retry += 1
                try await wait(after: error, retry: retry)
            }
        }
    }

    /// Sends a request once, as soon as every limit admits it.
    func send(
        _ route: String,
        _ attempt: @Sendable () async throws(APIError) -> APIResponse
    ) async throws(APIError) -> APIResponse {
        try rejectLongPause()
        try await circuit.whileClosed { () async throws(APIError) in try await acquire() }
        defer { release() }
        if let refusal = circuit.refusal { throw refusal }
        let sent = clock.now
        do throws(APIError) {
            let response = try await attempt()
            if let quota = response.quota { limiter.adapt(to: quota) }
            record(route, String(response.status), since: sent)
            return response
        } catch {
            if error != .cancelled { record(route, error.code, since: sent) }
            react(to: error, sent: sent)
            throw error
        }
    }

    /// Waits before a retry.
    ///
    /// - Throws: the error itself if a retry cannot help or would start after the cycle's deadline.
    func wait(after error: APIError, retry: Int) async throws(APIError) {
        guard let reason = error.retryReason,
            let wait = Backoff.wait(after: error, retry: retry, jitter: context.jitter)
        else { throw error }
        let start = max(clock.now + wait, limiter.pauseEnd ?? clock.now)
        if let deadline = circuit.deadline, start >= deadline { throw error }
        try await circuit.whileClosed { () async throws(APIError) in try await clock.wait(until: start) }
        context.records.count(account) { $0.retries[reason, default: 0] += 1 }
    }

    /// Fails at once if the rate limiter is paused beyond the cycle's deadline.
    private func rejectLongPause() throws(APIError) {
        guard let deadline = circuit.deadline, let end = limiter.pauseEnd, end >= deadline else { return }
        throw .throttled(retryAfter: end - clock.now)
    }

    private func acquire() async throws(APIError) {
        try await semaphore.acquire()
        do throws(APIError) {
            try await acquireToken()
            try await context.requestSemaphore.acquire()
        } catch {
            semaphore.release()
            throw error
        }
    }

    private func release() {
        context.requestSemaphore.release()
        semaphore.release()
    }

    private func acquireToken() async throws(APIError) {
        let asked = clock.now
        defer {
            let waited = clock.now - asked
            if waited > .zero { context.records.count(account) { $0.throttled += waited } }
        }
        try await limiter.acquire()
    }

    private func react(to error: APIError, sent: Instant) {
        switch error.kind {
        case .refused where error.concernsAccount: circuit.trip(error)
        case .throttled(let retryAfter):
            limiter.slowDown(sent: sent, retryAfter: retryAfter)
            if circuit.recordThrottling() {
                context.report(account, .throttled(rate: limiter.currentRate, retryAfter: retryAfter))
            }
        default: break
        }
    }

    private func record(_ route: String, _ code: String, since sent: Instant) {
        let seconds = (clock.now - sent) / .seconds(1)
        context.records.count(account) { $0.addRequest(route, code, seconds: seconds) }
    }
}

/// When a failed request is retried: exponential backoff with full jitter.
enum Backoff {
    /// Retries after the first attempt.
    static let retries = 4

    /// The upper limit of the wait before a retry, counted from 1: 1 s, doubling, at most 30 s.
    static func ceiling(retry: Int) -> Duration {
        .seconds(min(30, 1 << min(max(retry, 1) - 1, 5)))
    }

    /// The wait before a retry, counted from 1: `Retry-After` if the provider sent it; `nil` if there is no retry.
    static func wait(after error: APIError, retry: Int, jitter: Jitter) -> Duration? {
        guard error.retryReason != nil, retry <= retries else { return nil }
        return error.requestedWait ?? jitter.upTo(ceiling(retry: retry))
    }
}
