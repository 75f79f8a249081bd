// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The simulated time line and its calendar.
///
/// The world's past lies in the calendar at its natural length; from the start on the simulated seconds of the time
/// line are packed into the wall clock's. So no date on the wire ever lies in the future, however fast the world runs.
final class SimulatedClock: Sendable {
    private struct Leg {
        let wall: Double
        let moment: Moment
        let speed: Double
    }

    private let wall: @Sendable () -> Double
    private let legs: Mutex<[Leg]>

    /// Starts the time line now.
    ///
    /// - Parameters:
    ///   - speed: simulated seconds per second; 0 stands still.
    ///   - wall: the wall clock, in seconds since 1970.
    init(speed: Double, wall: @escaping @Sendable () -> Double) {
        self.wall = wall
        let start = wall()
        legs = Mutex([Leg(wall: start, moment: Moment(seconds: start), speed: speed)])
    }

    /// The wall clock's time, in seconds since 1970.
    var wallNow: Double { wall() }

    /// Where the time line stands.
    var now: Moment { moment(of: wall()) }

    /// Simulated seconds per second.
    var speed: Double { legs.withLock { $0.last?.speed ?? 0 } }

    /// Goes on at another speed from now; 0 stands still.
    func setSpeed(_ speed: Double) {
        let wall = wall()
        let moment = moment(of: wall)
        legs.withLock { $0.append(Leg(wall: wall, moment: moment, speed: speed)) }
    }

    /// The moment that a date of the calendar names, at the latest the present one.
    func moment(of date: Double) -> Moment {
        let date = min(date, wall())
        return legs.withLock { legs in
            guard let leg = legs.last(where: { $0.wall <= date }) else { return Moment(seconds: date) }
            return leg.moment + (date - leg.wall) * leg.speed
        }
    }

    /// The date at which the calendar shows a moment, in seconds since 1970.
    func date(of moment: Moment) -> Double {
        legs.withLock { legs in
            guard let leg = legs.last(where: { $0.moment <= moment && $0.speed > 0 }) else {
                return min(moment.seconds, legs.first?.wall ?? moment.seconds)
            }
            return leg.wall + (moment - leg.moment) / leg.speed
        }
    }
}

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

/// When a campaign sends: Monday to Friday, eight hours a day, less at noon, and most in the middle of the week.
struct WorkingHours {
    /// The share of a usual day's work that each weekday does, from Monday on, added up.
    private static let doneByWeekday: [Double] = [0, 0.9, 2, 3.15, 4.25, 5]

    /// When the day's work begins, in seconds after midnight UTC.
    let opening: Double

    /// Usual days of work done from a Monday long ago until a moment; never falls.
    func daysWorked(until moment: Moment) -> Double {
        // 1970-01-05 was a Monday.
        let seconds = moment.seconds - 4 * .day - opening
        let weeks = (seconds / .week).rounded(.down)
        let inWeek = seconds - weeks * .week
        let weekday = Int(inWeek / .day)
        guard weekday < 5 else { return (weeks + 1) * 5 }
        let done = WorkingHours.doneByWeekday
        let part = min(1, (inWeek - Double(weekday) * .day) / (8 * .hour))
        let share = part - 0.4 * Wave.height(at: 2 * part)
        return weeks * 5 + done[weekday] + (done[weekday + 1] - done[weekday]) * share
    }
}

/// A smooth wave of period 1 around 0 whose slope stays between -1 and 1, so that adding less than one of it to a
/// rising line keeps the line rising.
enum Wave {
    /// The wave's height: two parabolas, upwards from every whole number.
    static func height(at x: Double) -> Double {
        let phase = x - x.rounded(.down)
        let half = phase < 0.5 ? phase : phase - 0.5
        return (phase < 0.5 ? 1 : -1) * (half - 2 * half * half)
    }
}
