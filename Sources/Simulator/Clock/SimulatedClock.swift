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
