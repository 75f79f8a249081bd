// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A rate limit at work: a bucket of tokens that fills with time.
final class RateLimiter: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The limit.
    let limit: RateLimit
    /// When the bucket will be full.
    private let full: Mutex<Instant>

    /// Starts with a full bucket.
    init(_ limit: RateLimit, at now: Instant = .now) {
        self.limit = limit
        full = Mutex(now)
    }

    /// Takes a token, if there is one.
    func admits(at now: Instant = .now) -> Bool {
        full.withLock { full in
            let next = max(full, now) + limit.interval
            guard next - now <= limit.interval * limit.burst else { return false }
            full = next
            return true
        }
    }
}
