// SPDX-License-Identifier: Apache-2.0

/// Something wrong in a file: where, what, and what to do about it.
package struct Problem: Error, Sendable, Hashable, Comparable {
    /// Where it stands.
    package let place: Place
    /// What is wrong and what to do, in one line, without the value of any secret or variable.
    package let message: String

    /// States a problem.
    package init(_ message: String, at place: Place) {
        self.place = place
        self.message = message
    }

    /// By place, then by message.
    package static func < (left: Problem, right: Problem) -> Bool {
        (left.place, left.message) < (right.place, right.message)
    }
}
