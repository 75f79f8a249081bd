// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A bounded number of things at once: who finds no free slot waits in line.
package final class AsyncSemaphore: Sendable {
    private let line: Mutex<WaiterQueue<CheckedContinuation<Bool, Never>>>

    /// Offers a number of slots, at least one.
    package init(_ count: Int) {
        line = Mutex(WaiterQueue(places: max(1, count)))
    }

    /// Takes a slot, in the order of asking; every slot taken is given back with `leave`.
    ///
    /// - Throws: `APIError.cancelled`, and then no slot is taken.
    func enter() async throws(APIError) {
        let ticket = line.withLock { $0.ticket() }
        let admitted = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                if let verdict = line.withLock({ Self.admit(waiter, ticket, to: &$0) }) {
                    waiter.resume(returning: verdict)
                }
            }
        } onCancel: {
            line.withLock { $0.abandon(ticket) }?.resume(returning: false)
        }
        guard admitted else { throw .cancelled }
    }

    /// Gives a slot back.
    func leave() {
        line.withLock { $0.leave() }?.resume(returning: true)
    }

    /// Whether the waiter may go on; `nil` when it stands in line.
    ///
    /// Looks for a cancellation under the lock: one that comes later finds the waiter in line.
    private static func admit(
        _ waiter: CheckedContinuation<Bool, Never>,
        _ ticket: UInt64,
        to line: inout WaiterQueue<CheckedContinuation<Bool, Never>>
    ) -> Bool? {
        if Task.isCancelled { return false }
        return line.enter(waiter, ticket: ticket) ? true : nil
    }
}

/// A number of places and the line of those who wait for one, in the order of their tickets.
///
/// Who gives up leaves no hole. Holds no task: whoever is told to go on is woken by the caller.
struct WaiterQueue<Waiter> {
    private var free: Int
    private var waiting: [UInt64: Waiter] = [:]
    /// The last ticket served: nobody in line has a lower one.
    private var served: UInt64 = 0
    private var last: UInt64 = 0

    /// Opens with a number of free places.
    init(places: Int) {
        free = places
    }

    /// How many wait.
    var count: Int { waiting.count }

    /// Draws a number, by which a waiter can be found again.
    mutating func ticket() -> UInt64 {
        last += 1
        return last
    }

    /// Takes a place; returns `false` where there is none and the waiter stands in line.
    mutating func enter(_ waiter: Waiter, ticket: UInt64) -> Bool {
        if free > 0 {
            free -= 1
            return true
        }
        waiting[ticket] = waiter
        served = min(served, ticket - 1)
        return false
    }

    /// Gives a place back; returns the waiter who has it now.
    mutating func leave() -> Waiter? {
        while !waiting.isEmpty {
            served += 1
            if let next = waiting.removeValue(forKey: served) { return next }
        }
        free += 1
        return nil
    }

    /// Takes a waiter out of the line; `nil` when it stands there no more.
    mutating func abandon(_ ticket: UInt64) -> Waiter? {
        waiting.removeValue(forKey: ticket)
    }
}
