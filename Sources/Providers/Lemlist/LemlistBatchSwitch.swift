// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// Remembers that an account's batch route is not available, so that it is asked for again only once an hour.
final class LemlistBatchSwitch: Sendable {
    private static let pause = 3_600.0

    private let offUntil = Mutex(Timestamp(seconds: 0))

    /// Whether the batch route is worth a try.
    func isOn(at now: Timestamp) -> Bool {
        offUntil.withLock { $0 <= now }
    }

    /// Notes that the route is not there.
    func turnOff(at now: Timestamp) {
        offUntil.withLock { $0 = Timestamp(seconds: now.seconds + Self.pause) }
    }
}
