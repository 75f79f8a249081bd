// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What decides whether an account may still send something in this cycle.
///
/// Trips when the key is refused: whoever waits for a turn fails at once. Closed again by the next cycle.
final class Circuit: Sendable {
    private struct State {
        var deadline: ContinuousClock.Instant?
        var refusal: CallFailure?
        var throttled = false
        var tripped = Latch()
    }

    private let state = Mutex(State())

    /// The moment behind which nothing is tried again.
    var deadline: ContinuousClock.Instant? { state.withLock { $0.deadline } }

    /// Why nothing is sent any more; `nil` while all is well.
    var refusal: CallFailure? { state.withLock { $0.refusal } }

    /// Begins a cycle that ends at a moment.
    func close(until deadline: ContinuousClock.Instant) {
        state.withLock { $0 = State(deadline: deadline) }
    }

    /// Lets nothing pass for the rest of the cycle.
    func trip(_ refusal: CallFailure) {
        let latch = state.withLock { state in
            state.refusal = refusal
            return state.tripped
        }
        latch.open()
    }

    /// Whether this is the first 429 of the cycle.
    func firstThrottling() -> Bool {
        state.withLock { state in
            defer { state.throttled = true }
            return !state.throttled
        }
    }

    /// Waits as told, but no longer than the circuit is closed.
    ///
    /// - Throws: the refusal that tripped it, or what the wait throws.
    func waiting(_ wait: @escaping @Sendable () async throws(CallFailure) -> Void) async throws(CallFailure) {
        if let refusal { throw refusal }
        do throws(CallFailure) {
            try await state.withLock { $0.tripped }.cancelling(wait)
        } catch {
            throw refusal ?? error
        }
    }
}
