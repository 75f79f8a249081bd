// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The rate limit of a key: everything sent with it passes here, one after the other, in the order of asking.
///
/// Accounts that use the same key share one.
package final class Limiter: Sendable {
    private let bucket: Mutex<TokenBucket>
    private let turn = Slots(1)
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
    /// - Throws: `CallFailure.cancelled`, and then nothing is used up.
    func pass() async throws(CallFailure) {
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
