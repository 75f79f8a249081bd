// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// A point on the monotonic clock.
typealias Instant = ContinuousClock.Instant

/// The start times of an account's cycles: one per interval since the first one, each delayed by jitter.
///
/// Start times are multiples of the interval, so that jitter and long cycles do not add up.
struct CollectionSchedule: Sendable {
    /// The time from start to start.
    let interval: Duration
    /// The next start without jitter.
    private(set) var next: Instant

    /// Schedules the first start within the maximum jitter, so that accounts do not all start at once.
    init(interval: Duration, from now: Instant, jitter: Jitter) {
        self.interval = interval
        next = now + jitter.upTo(Self.maximumJitter(interval))
    }

    /// When a cycle that starts now is given up, so that a provider that hangs cannot block it for ever.
    ///
    /// Four intervals, at least 15 minutes: enough for the first cycle of thousands of campaigns. Campaigns that were not
    /// reached come first in the next cycle.
    static func deadline(from now: Instant, interval: Duration) -> Instant {
        now + max(interval * 4, .seconds(15 * 60))
    }

    /// Schedules the next start after `now`; returns the number of starts that were missed.
    mutating func advance(to now: Instant) -> Int {
        let missed = max(0, Int(((now - next) / interval).rounded(.down)))
        next += interval * (missed + 1)
        return missed
    }

    /// The next start with jitter.
    func start(jitter: Jitter) -> Instant {
        next + jitter.upTo(Self.maximumJitter(interval))
    }

    private static func maximumJitter(_ interval: Duration) -> Duration {
        min(interval / 20, .seconds(10))
    }
}

/// Random delays that keep accounts and retries from acting at the same moment.
package struct Jitter: Sendable {
    private let fraction: @Sendable () -> Double

    /// Uses a source of random numbers from 0 up to, not including, 1.
    package init(fraction: @escaping @Sendable () -> Double) {
        self.fraction = fraction
    }

    /// Jitter from the system's random numbers.
    package static let system = Jitter { .random(in: 0..<1) }

    /// A random duration from zero up to, not including, a limit.
    func upTo(_ limit: Duration) -> Duration {
        limit * fraction()
    }
}

/// The monotonic clock and the wall clock, read at the same time, to convert between them.
struct ClockReading: Sendable {
    let now: Instant
    let wallTime: Timestamp

    init(_ clock: any CollectionClock) {
        now = clock.now
        wallTime = clock.wallTime
    }

    /// How far the wall clock was set forward between two readings; negative for back.
    func step(since other: ClockReading) -> Duration {
        wallTime.since(other.wallTime) - (now - other.now)
    }

    func timestamp(_ instant: Instant) -> Timestamp {
        Timestamp(seconds: wallTime.seconds - (now - instant) / .seconds(1))
    }

    /// Converts wall time to monotonic time; a time in the future becomes now.
    func instant(_ timestamp: Timestamp) -> Instant {
        now - max(wallTime.since(timestamp), .zero)
    }
}

/// A monotonic clock, to wait on, with the wall clock.
package protocol CollectionClock: Clock where Instant == ContinuousClock.Instant {
    var wallTime: Timestamp { get }
}

extension CollectionClock {
    /// Sleeps until an instant.
    ///
    /// - Throws: `APIError.cancelled` if the task is cancelled.
    func wait(until instant: Instant) async throws(APIError) {
        do {
            try await sleep(until: instant, tolerance: nil)
        } catch {
            throw .cancelled
        }
    }
}
