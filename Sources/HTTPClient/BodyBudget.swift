// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Bounds the memory of all response bodies that are received or not yet decoded.
final class BodyBudget: Sendable {
    /// A body up to this size, in bytes, is never refused and not counted: most are smaller.
    static let freeSize = 1 << 20

    private let used = Mutex(0)
    private let limit: Int

    /// Creates a budget of `limit` bytes.
    init(_ limit: Int) {
        self.limit = limit
    }

    fileprivate func change(by bytes: Int) -> Bool {
        used.withLock { used in
            guard bytes <= 0 || used + bytes <= limit else { return false }
            used += bytes
            return true
        }
    }
}

/// The part of the budget that a body holds until the last reference to this ends.
package final class BodyReservation: Sendable {
    private let budget: BodyBudget
    private let held = Mutex(0)

    init(_ budget: BodyBudget) {
        self.budget = budget
    }

    deinit {
        _ = budget.change(by: -held.withLock { $0 })
    }

    /// Holds as much as a body of this size takes; false if the budget has no room for it.
    func hold(_ size: Int) -> Bool {
        held.withLock { held in
            let needed = size > BodyBudget.freeSize ? size : 0
            guard needed > held else { return true }
            guard budget.change(by: needed - held) else { return false }
            held = needed
            return true
        }
    }
}
