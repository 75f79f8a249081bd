// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// The time that collection lives by: a steady clock to wait on and the wall clock to date things with.
package protocol CollectionClock: Clock where Instant == ContinuousClock.Instant {
    /// The moment by the wall clock.
    var wallTime: Timestamp { get }
}

extension CollectionClock {
    /// Waits until a moment.
    ///
    /// - Throws: `CallFailure.cancelled` when the task is.
    func wait(until moment: Instant) async throws(CallFailure) {
        do {
            try await sleep(until: moment, tolerance: nil)
        } catch {
            throw .cancelled
        }
    }
}
