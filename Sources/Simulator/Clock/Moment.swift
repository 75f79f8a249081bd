// SPDX-License-Identifier: Apache-2.0

/// A point on the simulated time line, which starts where the wall clock stood and runs at its own speed.
package struct Moment: Sendable, Hashable, Comparable {
    /// Simulated seconds since 1970-01-01T00:00:00Z.
    package let seconds: Double

    /// A point on the simulated time line.
    package init(seconds: Double) {
        self.seconds = seconds
    }

    package static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

    static func + (moment: Moment, seconds: Double) -> Moment { Moment(seconds: moment.seconds + seconds) }

    static func - (moment: Moment, seconds: Double) -> Moment { Moment(seconds: moment.seconds - seconds) }

    static func - (late: Moment, early: Moment) -> Double { late.seconds - early.seconds }
}

extension Double {
    static let minute: Double = 60
    static let hour: Double = 3600
    static let day: Double = 86_400
    static let week: Double = 604_800
}
