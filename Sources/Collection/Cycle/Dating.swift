// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The steady clock and the wall clock read at once, to carry moments over from one to the other.
struct Dating: Sendable {
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
