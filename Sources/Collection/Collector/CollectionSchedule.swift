// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// When an account's collections start: at every interval since the first one, each a little late by chance.
///
/// Starts lie on a grid, so that neither jitter nor long cycles add up.
struct CollectionSchedule: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// The time from start to start.
    let interval: Duration
    private var planned: Instant

    /// Plans the first start soon after a moment, spread so that accounts do not all begin at once.
    init(interval: Duration, from now: Instant, jitter: Jitter) {
        self.interval = interval
        planned = now + jitter.upTo(min(interval / 20, .seconds(10)))
    }

    /// The planned start.
    var next: Instant { planned }

    /// The moment at which a cycle that starts now is given up, so that a provider that hangs cannot hold it for ever.
    ///
    /// Four intervals, at least a quarter of an hour: enough for a first sweep of thousands of campaigns; what is not
    /// done by then comes first in the next cycle.
    static func deadline(from now: Instant, interval: Duration) -> Instant {
        now + max(interval * 4, .seconds(15 * 60))
    }

    /// Plans the next start behind a moment; returns how many starts were missed.
    mutating func advance(to now: Instant) -> Int {
        let passed = max(0, Int(((now - planned) / interval).rounded(.down)))
        planned += interval * (passed + 1)
        return passed
    }

    /// The planned start with its little delay.
    func start(jitter: Jitter) -> Instant {
        planned + jitter.upTo(min(interval / 20, .seconds(10)))
    }
}

/// Chance, for whatever must not happen to all accounts at the same moment.
package struct Jitter: Sendable {
    private let fraction: @Sendable () -> Double

    /// Draws from a source of numbers from 0 up to, not including, 1.
    package init(fraction: @escaping @Sendable () -> Double) {
        self.fraction = fraction
    }

    /// Chance as the system has it.
    package static let system = Jitter { .random(in: 0..<1) }

    /// Any duration from zero up to a limit.
    func upTo(_ limit: Duration) -> Duration {
        limit * fraction()
    }
}

/// The steady clock and the wall clock read at once, to carry moments over from one to the other.
struct ClockReading: Sendable {
    /// The moment by the steady clock.
    let now: ContinuousClock.Instant
    /// The same moment by the wall clock.
    let wallTime: Timestamp

    /// Reads both.
    init(_ clock: any CollectionClock) {
        now = clock.now
        wallTime = clock.wallTime
    }

    /// A moment of the steady clock by the wall clock.
    func date(_ moment: ContinuousClock.Instant) -> Timestamp {
        Timestamp(seconds: wallTime.seconds - (now - moment) / .seconds(1))
    }

    /// A moment of the wall clock by the steady clock; one that lies ahead counts as now.
    func moment(_ date: Timestamp) -> ContinuousClock.Instant {
        now - max(wallTime.since(date), .zero)
    }
}

/// The time that collection lives by: a steady clock to wait on and the wall clock to date things with.
package protocol CollectionClock: Clock where Instant == ContinuousClock.Instant {
    /// The moment by the wall clock.
    var wallTime: Timestamp { get }
}

extension CollectionClock {
    /// Waits until a moment.
    ///
    /// - Throws: `APIError.cancelled` when the task is.
    func wait(until moment: Instant) async throws(APIError) {
        do {
            try await sleep(until: moment, tolerance: nil)
        } catch {
            throw .cancelled
        }
    }
}
