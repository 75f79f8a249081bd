// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The rate limit of an API key, shared by the accounts that use the key.
///
/// Requests are admitted one at a time, in the order of asking.
package final class RateLimiter: Sendable {
    private let bucket: Mutex<TokenBucket>
    private let queue = AsyncSemaphore(1)
    private let clock: any CollectionClock

    /// Creates a limiter with a rate in requests per second and a burst in requests, as configured.
    package init(rate: Double, burst: Double, clock: any CollectionClock) {
        bucket = Mutex(TokenBucket(rate: rate, burst: burst, at: clock.now))
        self.clock = clock
    }

    /// The current rate in requests per second: reduced by a 429, then rising back to the configured one.
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

    /// Takes over the rate and burst of a new configuration.
    func configure(rate: Double, burst: Double) {
        bucket.withLock { $0.configure(rate: rate, burst: burst) }
    }

    private func takeToken() -> Duration? {
        let now = clock.now
        return bucket.withLock { $0.take(at: now) }
    }
}

/// A token bucket whose rate adapts to 429 responses; has no clock, every call says when it happens.
///
/// A 429 halves the rate, which then rises linearly back to the configured one (additive increase, multiplicative
/// decrease).
struct TokenBucket: Sendable {
    /// The lowest rate, as a share of the configured one.
    private static let minimumShare = 1.0 / 32
    /// What the rate regains per second, as a share of the configured one.
    private static let recovery = 0.01
    /// The longest pause that a `Retry-After` can cause.
    private static let maximumPause = Duration.seconds(600)
    /// The part of a token that may be missing, for waits are rounded to nanoseconds.
    private static let tolerance = 1e-6

    /// The configured rate in requests per second.
    private(set) var rate: Double
    /// The current rate in requests per second.
    private(set) var currentRate: Double
    private var burst: Double
    private var tokens: Double
    /// When `tokens` was computed; in the future during a pause.
    private var updated: Instant
    private var lastSlowDown: Instant?

    /// Creates a full bucket.
    init(rate: Double, burst: Double, at now: Instant) {
        self.rate = rate
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

    /// Takes over a new rate and burst; the current rate keeps its share of the configured one.
    mutating func configure(rate: Double, burst: Double) {
        currentRate = min(currentRate / self.rate * rate, rate)
        self.rate = rate
        self.burst = max(1, burst)
    }

    private mutating func fill(to now: Instant) {
        guard now > updated else { return }
        let elapsed = (now - updated) / .seconds(1)
        let risen = min(rate, currentRate + rate * Self.recovery * elapsed)
        tokens = min(burst, tokens + elapsed * (currentRate + risen) / 2)
        currentRate = risen
        updated = now
    }
}
