// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// The machine's own clocks.
struct SystemClock: CollectionClock {
    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }
    var wallTime: Timestamp { .now }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: deadline, tolerance: tolerance)
    }
}
