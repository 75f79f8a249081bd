// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Stops an account's requests for the rest of a cycle once the provider has refused its key.
///
/// Requests that wait when it trips fail at once. The next cycle closes it again.
final class CircuitBreaker: Sendable {
    private struct State {
        var deadline: Instant?
        var refusal: APIError?
        var isThrottled = false
        let tripped = OneShotEvent()
    }

    private let state = Mutex(State())

    /// The end of the cycle, after which no request is retried; `nil` outside a cycle.
    var deadline: Instant? { state.withLock { $0.deadline } }

    /// The error that tripped it; `nil` while it is closed.
    var refusal: APIError? { state.withLock { $0.refusal } }

    /// Starts a cycle that ends at a deadline.
    func close(until deadline: Instant) {
        state.withLock { $0 = State(deadline: deadline) }
    }

    /// Fails every request until the next cycle.
    func trip(_ refusal: APIError) {
        let tripped = state.withLock { state in
            state.refusal = refusal
            return state.tripped
        }
        tripped.signal()
    }

    /// Records a 429; returns whether it is the first one of the cycle.
    func recordThrottling() -> Bool {
        state.withLock { state in
            defer { state.isThrottled = true }
            return !state.isThrottled
        }
    }

    /// Runs an operation, and cancels it when the breaker trips.
    ///
    /// - Throws: the error that tripped the breaker, or the operation's own.
    func whileClosed(_ operation: @escaping @Sendable () async throws(APIError) -> Void) async throws(APIError) {
        if let refusal { throw refusal }
        do throws(APIError) {
            try await state.withLock { $0.tripped }.cancelling(operation)
        } catch {
            throw refusal ?? error
        }
    }
}

/// An event that is signalled once and that tasks can wait for.
final class OneShotEvent: Sendable {
    private struct State {
        var isSignalled = false
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Signals the event and resumes every task that waits, in the order of waiting.
    func signal() {
        let waiting = state.withLock { state in
            state.isSignalled = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for waiter in waiting.sorted(by: { $0.key < $1.key }) { waiter.value.resume() }
    }

    /// Waits for the signal or the task's cancellation.
    func wait() async {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    if state.isSignalled || Task.isCancelled { return true }
                    state.waiting[id] = waiter
                    return false
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// Runs an operation, and cancels it when the event is signalled.
    ///
    /// - Throws: the operation's error.
    func cancelling(_ operation: @escaping @Sendable () async throws(APIError) -> Void) async throws(APIError) {
        let outcome = await withTaskGroup(of: Result<Void, APIError>?.self) { group in
            group.addTask {
                do throws(APIError) { return .success(try await operation()) } catch { return .failure(error) }
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
