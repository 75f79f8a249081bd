// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What decides whether an account may still send something in this cycle.
///
/// Trips when the key is refused: whoever waits for a turn fails at once. Closed again by the next cycle.
final class CircuitBreaker: Sendable {
    private struct State {
        var deadline: ContinuousClock.Instant?
        var refusal: APIError?
        var throttled = false
        var tripped = OneShotEvent()
    }

    private let state = Mutex(State())

    /// The moment behind which nothing is tried again.
    var deadline: ContinuousClock.Instant? { state.withLock { $0.deadline } }

    /// Why nothing is sent any more; `nil` while all is well.
    var refusal: APIError? { state.withLock { $0.refusal } }

    /// Begins a cycle that ends at a moment.
    func close(until deadline: ContinuousClock.Instant) {
        state.withLock { $0 = State(deadline: deadline) }
    }

    /// Lets nothing pass for the rest of the cycle.
    func trip(_ refusal: APIError) {
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
    func waiting(_ wait: @escaping @Sendable () async throws(APIError) -> Void) async throws(APIError) {
        if let refusal { throw refusal }
        do throws(APIError) {
            try await state.withLock { $0.tripped }.cancelling(wait)
        } catch {
            throw refusal ?? error
        }
    }
}

/// An event that happens once and can be waited for.
final class OneShotEvent: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var tickets: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Lets the event happen; those who wait go on.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for waiter in waiting.sorted(by: { $0.key < $1.key }) { waiter.value.resume() }
    }

    /// Waits for the event, or until the task is cancelled.
    func wait() async {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let goesOn = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting[ticket] = waiter
                    return false
                }
                if goesOn { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// Does some work, cancelled as soon as the event happens.
    ///
    /// - Throws: what the work throws.
    func cancelling(_ work: @escaping @Sendable () async throws(APIError) -> Void) async throws(APIError) {
        let outcome = await withTaskGroup(of: Result<Void, APIError>?.self) { group in
            group.addTask {
                do throws(APIError) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask {
                await self.wait()
                return nil
            }
            var outcome = Result<Void, APIError>.failure(.cancelled)
            for await ended in group {
                if let ended { outcome = ended }
                group.cancelAll()
            }
            return outcome
        }
        try outcome.get()
    }
}
