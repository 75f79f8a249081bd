// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A bounded number of things at once: who finds no free slot waits in line.
package final class Slots: Sendable {
    private let line: Mutex<WaitingLine<CheckedContinuation<Bool, Never>>>

    /// Offers a number of slots, at least one.
    package init(_ count: Int) {
        line = Mutex(WaitingLine(places: max(1, count)))
    }

    /// Takes a slot, in the order of asking; every slot taken is given back with `leave`.
    ///
    /// - Throws: `CallFailure.cancelled`, and then no slot is taken.
    func enter() async throws(CallFailure) {
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
        to line: inout WaitingLine<CheckedContinuation<Bool, Never>>
    ) -> Bool? {
        if Task.isCancelled { return false }
        return line.enter(waiter, ticket: ticket) ? true : nil
    }
}
