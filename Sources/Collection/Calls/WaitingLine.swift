// SPDX-License-Identifier: Apache-2.0

/// A number of places and the line of those who wait for one, in the order of their tickets.
///
/// Who gives up leaves no hole. Holds no task: whoever is told to go on is woken by the caller.
struct WaitingLine<Waiter> {
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
