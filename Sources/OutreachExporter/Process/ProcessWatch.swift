// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The last reading of the process, taken again when it is too old.
///
/// Descriptors are counted by walking a directory of them: with many clients that is more work than the rest of a
/// scrape together, and no scrape interval is shorter than a second.
final class ProcessWatch: Sendable {
    private static let patience = Duration.seconds(1)

    private let take: @Sendable () -> ProcessReading
    private let latest = Mutex<(reading: ProcessReading, takenAt: ContinuousClock.Instant)?>(nil)

    /// A watch that takes its readings so.
    init(_ take: @escaping @Sendable () -> ProcessReading = { ProcessReading() }) {
        self.take = take
    }

    /// A reading of the last second.
    func reading(at now: ContinuousClock.Instant = .now) -> ProcessReading {
        latest.withLock { latest in
            if let latest, now - latest.takenAt < Self.patience { return latest.reading }
            let reading = take()
            latest = (reading, now)
            return reading
        }
    }
}
