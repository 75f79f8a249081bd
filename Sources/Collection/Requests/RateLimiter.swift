// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The rate limit of a key: everything sent with it passes here, one after the other, in the order of asking.
///
/// Accounts that use the same key share one.
package final class RateLimiter: Sendable {
    private let bucket: Mutex<TokenBucket>
    private let turn = AsyncSemaphore(1)
    private let clock: any CollectionClock

    /// Sets a rate in requests per second, and how many may go at once after a quiet time.
    package init(rate: Double, burst: Double, clock: any CollectionClock) {
        bucket = Mutex(TokenBucket(rate: rate, burst: burst, at: clock.now))
        self.clock = clock
    }

    /// Requests per second now: less than configured for a while after a 429.
    package var pace: Double { bucket.withLock { $0.pace } }

    /// The moment up to which nothing passes, where the provider asked for a pause.
    var pause: ContinuousClock.Instant? {
        let now = clock.now
        return bucket.withLock { $0.pause(at: now) }
    }

    /// Waits until a request may go.
    ///
    /// - Throws: `APIError.cancelled`, and then nothing is used up.
    func pass() async throws(APIError) {
        try await turn.enter()
        defer { turn.leave() }
        while let wait = take() {
            try await clock.wait(until: clock.now + wait)
        }
    }

    /// Reacts to a 429 on a request that left at a moment.
    func slowDown(sent: ContinuousClock.Instant, retryAfter: Duration?) {
        let now = clock.now
        bucket.withLock { $0.slowDown(sent: sent, at: now, retryAfter: retryAfter) }
    }

    /// Takes over another rate.
    func configure(rate: Double, burst: Double) {
        bucket.withLock { $0.configure(rate: rate, burst: burst) }
    }

    private func take() -> Duration? {
        let now = clock.now
        return bucket.withLock { $0.take(at: now) }
    }
}

/// The arithmetic of a rate limit: a bucket that fills at a pace and never beyond its burst.
///
/// The pace halves when the provider answers 429 and climbs back to the configured rate in equal steps (additive
/// increase, multiplicative decrease). Holds no clock: every question carries its moment.
struct TokenBucket: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// Share of the configured rate below which the pace never falls.
    private static let floor = 1.0 / 32
    /// Share of the configured rate that the pace regains in a second without a 429.
    private static let recovery = 0.01
    /// The longest pause that a provider can ask for.
    private static let longestPause = Duration.seconds(600)
    /// How much of a token may be missing: the rounding of a wait to nanoseconds.
    private static let tolerance = 1e-6

    /// Requests per second when all is well.
    private(set) var rate: Double
    /// Requests per second now.
    private(set) var pace: Double
    private var burst: Double
    private var tokens: Double
    /// Up to when the bucket is filled; ahead of the clock while paused.
    private var filled: Instant
    private var slowed: Instant?

    /// Starts full.
    init(rate: Double, burst: Double, at now: Instant) {
        self.rate = rate
        self.burst = max(1, burst)
        pace = rate
        tokens = self.burst
        filled = now
    }

    /// The moment up to which nothing passes, where the provider asked for a pause.
    func pause(at now: Instant) -> Instant? {
        filled > now ? filled : nil
    }

    /// Takes a token; returns `nil` when there was one, otherwise how long to wait before asking again.
    mutating func take(at now: Instant) -> Duration? {
        fill(to: now)
        guard tokens < 1 - Self.tolerance else {
            tokens -= 1
            return nil
        }
        return max(filled - now, .zero) + .seconds((1 - max(tokens, 0)) / pace)
    }

    /// Reacts to a 429: halves the pace, and pauses as long as the provider asks.
    ///
    /// A request that left before the last slow-down says nothing new about the pace.
    mutating func slowDown(sent: Instant, at now: Instant, retryAfter: Duration?) {
        fill(to: now)
        if let retryAfter { filled = max(filled, now + min(retryAfter, Self.longestPause)) }
        if let slowed, sent < slowed { return }
        slowed = now
        tokens = 0
        pace = max(pace / 2, rate * Self.floor)
    }

    /// Takes over another rate from a new configuration.
    mutating func configure(rate: Double, burst: Double) {
        pace = min(pace / self.rate * rate, rate)
        self.rate = rate
        self.burst = max(1, burst)
    }

    private mutating func fill(to now: Instant) {
        guard now > filled else { return }
        let elapsed = (now - filled) / .seconds(1)
        let climbed = min(rate, pace + rate * Self.recovery * elapsed)
        tokens = min(burst, tokens + elapsed * (pace + climbed) / 2)
        pace = climbed
        filled = now
    }
}
