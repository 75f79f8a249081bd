// SPDX-License-Identifier: Apache-2.0

/// When an account's collections start: at every interval since the first one, each a little late by chance.
///
/// Starts lie on a grid, so that neither jitter nor long cycles add up.
struct Schedule: Sendable {
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
