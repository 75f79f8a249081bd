// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Simulator

/// A wall clock that a test moves by hand; it starts on Wednesday, 2026-05-13, at noon UTC.
final class TestClock: Sendable {
    private let seconds = Mutex<Double>(1_778_673_600)

    /// Seconds since 1970.
    var now: Double { seconds.withLock { $0 } }

    /// Where a time line begins that starts now.
    var moment: Moment { Moment(seconds: now) }

    /// Moves the clock.
    func advance(_ seconds: Double) {
        self.seconds.withLock { $0 += seconds }
    }
}
