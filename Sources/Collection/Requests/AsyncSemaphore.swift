// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A counting semaphore for tasks; waiting tasks are served first come, first served.
package final class AsyncSemaphore: Sendable {
    private typealias Queue = WaiterQueue<CheckedContinuation<Bool, Never>>

    private let queue: Mutex<Queue>

    /// Creates a semaphore with `count` permits, at least one.
    package init(_ count: Int) {
        queue = Mutex(Queue(permits: max(1, count)))
    }

    /// Takes a permit, waiting for one if necessary; the caller returns it with `release()`.
    ///
    /// - Throws: `APIError.cancelled`; then no permit is taken.
    func acquire() async throws(APIError) {
        let id = queue.withLock { $0.makeID() }
        let isAcquired = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // Cancellation is checked under the lock: a later one finds the waiter in the queue.
                let result: Bool? = queue.withLock { queue in
                    if Task.isCancelled { return false }
                    return queue.acquire(waiter, id: id) ? true : nil
                }
                if let result { waiter.resume(returning: result) }
            }
        } onCancel: {
            queue.withLock { $0.cancel(id) }?.resume(returning: false)
        }
        guard isAcquired else { throw .cancelled }
    }

    func release() {
        queue.withLock { $0.release() }?.resume(returning: true)
    }
}

/// The state of a semaphore: its free permits, and the waiters in the order of their ids.
///
/// Has no lock and resumes nobody; that is up to the caller.
struct WaiterQueue<Waiter> {
    private var free: Int
    private var waiting: [UInt64: Waiter] = [:]
    /// No waiter has this id or a lower one.
    private var lastServed: UInt64 = 0
    private var lastID: UInt64 = 0

    init(permits: Int) {
        free = permits
    }

    var count: Int { waiting.count }

    /// A new id, higher than all before.
    mutating func makeID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Takes a permit; without a free one, enqueues the waiter and returns `false`.
    mutating func acquire(_ waiter: Waiter, id: UInt64) -> Bool {
        if free > 0 {
            free -= 1
            return true
        }
        waiting[id] = waiter
        lastServed = min(lastServed, id - 1)
        return false
    }

    /// Returns a permit; the result is the waiter that it passes to, if any.
    mutating func release() -> Waiter? {
        while !waiting.isEmpty {
            lastServed += 1
            if let next = waiting.removeValue(forKey: lastServed) { return next }
        }
        free += 1
        return nil
    }

    /// Removes a waiter; `nil` if it is not, or no longer, in the queue.
    mutating func cancel(_ id: UInt64) -> Waiter? {
        waiting.removeValue(forKey: id)
    }
}
