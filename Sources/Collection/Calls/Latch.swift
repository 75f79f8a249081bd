// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// An event that happens once and can be waited for.
final class Latch: Sendable {
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
    func cancelling(_ work: @escaping @Sendable () async throws(CallFailure) -> Void) async throws(CallFailure) {
        let outcome = await withTaskGroup(of: Result<Void, CallFailure>?.self) { group in
            group.addTask {
                do throws(CallFailure) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask {
                await self.wait()
                return nil
            }
            var outcome = Result<Void, CallFailure>.failure(.cancelled)
            for await ended in group {
                if let ended { outcome = ended }
                group.cancelAll()
            }
            return outcome
        }
        try outcome.get()
    }
}
