// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The rate limit of an API key, shared by the accounts that use the key.
///
/// Requests are admitted one at a time, in the order of asking.
package final class RateLimiter: Sendable {
    private let bucket: Mutex<TokenBucket>
    private let queue = AsyncSemaphore(1)
    private let clock: any CollectionClock

    /// Creates a limiter.
    ///
    /// - Parameters:
    ///   - rate: the rate in requests per second, as configured.
    ///   - maximum: the rate up to which the provider's quota raises it; `rate` if it is `nil`.
    ///   - burst: the requests that may go at once.
    ///   - clock: tells the time, and waits.
    package init(rate: Double, maximum: Double? = nil, burst: Double, clock: any CollectionClock) {
        bucket = Mutex(TokenBucket(rate: rate, maximum: maximum, burst: burst, at: clock.now))
        self.clock = clock
    }

    /// The current rate in requests per second: reduced by a 429, then rising back; adapted to the provider's quota.
    package var currentRate: Double { bucket.withLock { $0.currentRate } }

    /// The end of the pause that the provider asked for; `nil` without one.
    var pauseEnd: Instant? {
        let now = clock.now
        return bucket.withLock { $0.pauseEnd(at: now) }
    }

    /// Waits until a request may be sent.
    ///
    /// - Throws: `APIError.cancelled`; then no token is used.
    func acquire() async throws(APIError) {
        try await queue.acquire()
        defer { queue.release() }
        while let wait = takeToken() {
            try await clock.wait(until: clock.now + wait)
        }
    }

    /// Reduces the rate after a 429; `sent` is when that request was sent.
    func slowDown(sent: Instant, retryAfter: Duration?) {
        let now = clock.now
        bucket.withLock { $0.slowDown(sent: sent, at: now, retryAfter: retryAfter) }
    }

    /// Adapts the rate to what a response told about the key's quota.
    func adapt(to quota: RequestQuota) {
        let now = clock.now
        bucket.withLock { $0.adapt(to: quota, at: now) }
    }

    /// Takes over the rates and the burst of a new configuration.
    func configure(rate: Double, maximum: Double? = nil, burst: Double) {
        bucket.withLock { $0.configure(rate: rate, maximum: maximum, burst: burst) }
    }

    private func takeToken() -> Duration? {
        let now = clock.now
        return bucket.withLock { $0.take(at: now) }
    }
}

/// What a provider tells with a response about the requests that a key may still send.
package struct RequestQuota: Sendable, Hashable {
    /// The requests that may be sent until `reset`, 0 or more.
    package let remaining: Int
    /// The time until the count starts again.
    package let reset: Duration

    package init(remaining: Int, reset: Duration) {
        self.remaining = remaining
        self.reset = reset
    }
}

/// A token bucket whose rate adapts to the provider's responses; has no clock, every call says when it happens.
///
/// A 429 halves the rate, which then rises linearly back to its target (additive increase, multiplicative decrease). The
/// target is the configured rate until responses tell the key's quota: then it is what spreads the rest of the quota over
/// the rest of its time.
struct TokenBucket: Sendable {
    /// The lowest rate, as a share of the configured one.
    private static let minimumShare = 1.0 / 32
    /// What the rate regains per second, as a share of the configured one.
    private static let recovery = 0.01
    /// The longest pause that a `Retry-After` can cause.
    private static let maximumPause = Duration.seconds(600)
    /// The part of a quota that is used: the rest is for other clients of the key, and for clocks that differ.
    private static let quotaShare = 0.9
    /// The least time that a quota is spread over: times of reset are told in whole seconds.
    private static let shortestQuota = Duration.seconds(5)
    /// The part of a token that may be missing, for waits are rounded to nanoseconds.
    private static let tolerance = 1e-6

    /// The configured rate in requests per second.
    private(set) var rate: Double
    private(set) var currentRate: Double
    /// The rate up to which a quota raises the configured one.
    private var maximum: Double
    /// The rate that the current one rises to.
    private var target: Double
    private var burst: Double
    private var tokens: Double
    /// When `tokens` was computed; in the future during a pause.
    private var updated: Instant
    private var lastSlowDown: Instant?

    /// Creates a full bucket.
    init(rate: Double, maximum: Double? = nil, burst: Double, at now: Instant) {
        self.rate = rate
        self.maximum = max(rate, maximum ?? rate)
        target = rate
        self.burst = max(1, burst)
        currentRate = rate
        tokens = self.burst
        updated = now
    }

    /// The end of the pause that the provider asked for; `nil` without one.
    func pauseEnd(at now: Instant) -> Instant? {
        updated > now ? updated : nil
    }

    /// Takes a token and returns `nil`, or returns how long to wait before the next attempt.
    mutating func take(at now: Instant) -> Duration? {
        fill(to: now)
        guard tokens < 1 - Self.tolerance else {
            tokens -= 1
            return nil
        }
        return max(updated - now, .zero) + .seconds((1 - max(tokens, 0)) / currentRate)
    }

    /// Halves the rate after a 429, and pauses for `retryAfter`.
    ///
    /// A request sent before the last reduction says nothing about the rate since, and only its pause counts.
    mutating func slowDown(sent: Instant, at now: Instant, retryAfter: Duration?) {
        fill(to: now)
        if let retryAfter { updated = max(updated, now + min(retryAfter, Self.maximumPause)) }
        if let lastSlowDown, sent < lastSlowDown { return }
        lastSlowDown = now
        tokens = 0
        currentRate = max(currentRate / 2, rate * Self.minimumShare)
    }

    /// Spreads what is left of a quota over the time until it starts again; without anything left, pauses until then.
    mutating func adapt(to quota: RequestQuota, at now: Instant) {
        fill(to: now)
        guard quota.remaining > 0 else {
            tokens = 0
            updated = max(updated, now + min(quota.reset, Self.maximumPause))
            return
        }
        guard quota.reset >= Self.shortestQuota else { return }
        let offered = Double(quota.remaining) * Self.quotaShare / (quota.reset / .seconds(1))
        target = min(max(offered, rate * Self.minimumShare), maximum)
        currentRate = min(currentRate, target)
    }

    /// Takes over new rates and a burst; the current rate keeps its share of the configured one, up to that.
    mutating func configure(rate: Double, maximum: Double? = nil, burst: Double) {
        currentRate = min(currentRate / self.rate * rate, rate)
        self.rate = rate
        self.maximum = max(rate, maximum ?? rate)
        target = rate
        self.burst = max(1, burst)
    }

    private mutating func fill(to now: Instant) {
        guard now > updated else { return }
        let elapsed = (now - updated) / .seconds(1)
        let risen = max(currentRate, min(target, currentRate + target * Self.recovery * elapsed))
        tokens = min(burst, tokens + elapsed * (currentRate + risen) / 2)
        currentRate = risen
        updated = now
    }
}
