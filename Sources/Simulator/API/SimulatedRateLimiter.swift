// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A rate limit: requests within a fixed window that begins with the first of them.
struct RateLimit: Sendable {
    let requests: Int
    let seconds: Double

    static let none = RateLimit(requests: .max, seconds: 1)
}

/// Fixed-window rate limiter per key, on the wall clock.
final class SimulatedRateLimiter: Sendable {
    struct Verdict {
        let isAllowed: Bool
        /// The narrowest limit, what remains of it, and when its window ends, in seconds since 1970.
        let limit, remaining: Int
        let reset: Double
        /// Seconds until the caller may try again, at least 1.
        let retryAfter: Int

        /// The verdict that the `rate-limit` fault reports: rejected, for one second.
        static func rejection(by limit: RateLimit, at now: Double) -> Verdict {
            Verdict(isAllowed: false, limit: limit.requests, remaining: 0, reset: now + 1, retryAfter: 1)
        }
    }

    private struct Window {
        var end: Double = 0
        var count = 0
    }

    /// Number of keys at which expired windows are discarded, so that memory stays bounded.
    private static let capacity = 4096

    private let windows = Mutex<[String: [Window]]>([:])

    /// Admits or rejects a request at a time in seconds since 1970; a rejected one counts against no limit.
    func admit(_ key: String, _ limits: [RateLimit], at now: Double) -> Verdict {
        windows.withLock { all in
            if all.count >= SimulatedRateLimiter.capacity { all = all.filter { $1.contains { $0.end > now } } }
            var windows = all[key] ?? limits.map { _ in Window() }
            for (index, limit) in limits.enumerated() where windows[index].end <= now {
                windows[index] = Window(end: now + limit.seconds)
            }
            let full = zip(windows, limits).filter { $0.count >= $1.requests }.map(\.0.end).max()
            if full == nil { for index in windows.indices { windows[index].count += 1 } }
            all[key] = windows
            return verdict(windows[0], limits[0], full: full, now)
        }
    }

    private func verdict(_ window: Window, _ limit: RateLimit, full: Double?, _ now: Double) -> Verdict {
        let reset = full ?? window.end
        return Verdict(
            isAllowed: full == nil,
            limit: limit.requests,
            remaining: full == nil ? limit.requests - window.count : 0,
            reset: reset,
            retryAfter: max(1, Int((reset - now).rounded(.up)))
        )
    }
}
