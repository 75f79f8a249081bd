// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Simulated time, and the dates at which the APIs report it.
///
/// History before the start is reported at its real length; from then on the simulated seconds are compressed into the
/// wall clock's. So no API reports a date in the future, whatever the speed.
final class SimulatedClock: Sendable {
    private struct Segment {
        let wall: Double
        let instant: SimulatedInstant
        let speed: Double
    }

    private let wall: @Sendable () -> Double
    private let segments: Mutex<[Segment]>

    /// Starts simulated time at the wall clock's.
    ///
    /// - Parameters:
    ///   - speed: simulated seconds per second; 0 stops the clock.
    ///   - wall: the wall clock, in seconds since 1970.
    init(speed: Double, wall: @escaping @Sendable () -> Double) {
        self.wall = wall
        let start = wall()
        segments = Mutex([Segment(wall: start, instant: SimulatedInstant(seconds: start), speed: speed)])
    }

    /// The wall clock's time, in seconds since 1970.
    var wallTime: Double { wall() }

    var now: SimulatedInstant { instant(of: wall()) }

    /// Simulated seconds per second.
    var speed: Double { segments.withLock { $0.last?.speed ?? 0 } }

    /// Changes the speed from now on; 0 stops the clock.
    func setSpeed(_ speed: Double) {
        let wall = wall()
        let instant = instant(of: wall)
        segments.withLock { $0.append(Segment(wall: wall, instant: instant, speed: speed)) }
    }

    /// The instant reported at a date, in seconds since 1970; for a date in the future the current one.
    func instant(of date: Double) -> SimulatedInstant {
        let date = min(date, wall())
        return segments.withLock { segments in
            guard let segment = segments.last(where: { $0.wall <= date }) else {
                return SimulatedInstant(seconds: date)
            }
            return segment.instant + (date - segment.wall) * segment.speed
        }
    }

    /// The date at which an instant is reported, in seconds since 1970.
    func date(of instant: SimulatedInstant) -> Double {
        segments.withLock { segments in
            guard let segment = segments.last(where: { $0.instant <= instant && $0.speed > 0 }) else {
                return min(instant.seconds, segments.first?.wall ?? instant.seconds)
            }
            return segment.wall + (instant - segment.instant) / segment.speed
        }
    }
}

/// An instant of simulated time, which starts at the wall clock's time and advances at its own speed.
package struct SimulatedInstant: Sendable, Hashable, Comparable {
    /// Simulated seconds since 1970-01-01T00:00:00Z.
    package let seconds: Double

    package static func < (left: SimulatedInstant, right: SimulatedInstant) -> Bool { left.seconds < right.seconds }

    static func + (instant: SimulatedInstant, seconds: Double) -> SimulatedInstant {
        SimulatedInstant(seconds: instant.seconds + seconds)
    }

    static func - (instant: SimulatedInstant, seconds: Double) -> SimulatedInstant {
        SimulatedInstant(seconds: instant.seconds - seconds)
    }

    static func - (late: SimulatedInstant, early: SimulatedInstant) -> Double { late.seconds - early.seconds }
}

extension Double {
    static let minute: Double = 60
    static let hour: Double = 3600
    static let day: Double = 86_400
    static let week: Double = 604_800
}

/// A campaign's sending hours: Monday to Friday, eight hours a day, less at noon, most in the middle of the week.
struct WorkingHours {
    /// Average days' work done by the end of each weekday, Monday first.
    private static let cumulativeWeekdayShares: [Double] = [0, 0.9, 2, 3.15, 4.25, 5]

    /// The start of the working day, in seconds after midnight UTC.
    let startOfWork: Double

    /// Average days of work since 1970-01-05; never falls.
    func daysWorked(until instant: SimulatedInstant) -> Double {
        // 1970-01-05 was a Monday.
        let seconds = instant.seconds - 4 * .day - startOfWork
        let weeks = (seconds / .week).rounded(.down)
        let inWeek = seconds - weeks * .week
        let weekday = Int(inWeek / .day)
        guard weekday < 5 else { return (weeks + 1) * 5 }
        let done = WorkingHours.cumulativeWeekdayShares
        let part = min(1, (inWeek - Double(weekday) * .day) / (8 * .hour))
        let share = part - 0.4 * ParabolicWave.value(at: 2 * part)
        return weeks * 5 + done[weekday] + (done[weekday + 1] - done[weekday]) * share
    }
}

/// A smooth periodic function, made of parabolas, with period 1, mean 0 and a slope between -1 and 1: adding less than
/// one of it to a line of slope 1 keeps the line rising.
enum ParabolicWave {
    /// The value at `x`; it rises from 0 at every whole number.
    static func value(at x: Double) -> Double {
        let phase = x - x.rounded(.down)
        let half = phase < 0.5 ? phase : phase - 0.5
        return (phase < 0.5 ? 1 : -1) * (half - 2 * half * half)
    }
}
