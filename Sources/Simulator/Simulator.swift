// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
package import HTTPServer
internal import Synchronization

/// The three providers' APIs answered from a seeded world: a function of a request and the clock.
///
/// An account's base URL is the simulator's with `/instantly`, `/lemlist/api` or `/sendkit` behind it. Any API key
/// opens an account of its own, the same key always the same, but for an empty one and those that begin with `bad-`.
/// `GET` and `POST /faults` show and replace the faults, `GET` and `POST /speed` the clock's speed.
package final class Simulator: Sendable {
    /// Accounts whose plans are remembered at a time; any other is drawn anew, and comes out the same.
    private static let capacity = 256

    let clock: SimulatedClock
    let board = FaultBoard()
    let limiter = RateLimiter()
    let settings: SimulatorSettings
    private let epoch: Moment
    private let worlds = Mutex<[String: World]>([:])

    /// Makes a world whose past ends now.
    ///
    /// - Parameters:
    ///   - settings: what the world is made of.
    ///   - wall: the wall clock, in seconds since 1970.
    package init(
        _ settings: SimulatorSettings = SimulatorSettings(),
        wall: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.settings = settings
        clock = SimulatedClock(speed: settings.speed, wall: wall)
        epoch = clock.now
        board.replace(with: settings.faults, at: epoch)
    }

    /// Runs the world at another speed from now, in simulated seconds per second; 0 stands still.
    package func setSpeed(_ speed: Double) {
        clock.setSpeed(speed)
    }

    /// The faults that are on.
    package var faults: [FaultRule] { board.rules }

    /// Puts these faults in the place of those that are on.
    package func setFaults(_ rules: [FaultRule]) {
        board.replace(with: rules, at: clock.now)
    }

    /// The truth: what a provider reports to an API key at this moment.
    package func scene(of platform: Platform, for key: String) -> Scene {
        Scene(now: clock.now, world: world(of: platform, for: key), disturbances: board.disturbances(on: platform))
    }

    /// What a client gets to see of a request, without waiting for anything.
    package func answer(to request: Request) -> Reaction {
        let path = request.path.split(separator: "/")
        guard let platform = path.first.flatMap({ Platform(rawValue: String($0)) }) else {
            return .respond(ControlDesk(simulator: self).answer(to: request))
        }
        let faults = board.faults(on: platform)
        let desk = ProviderDesk(simulator: self, platform: platform, faults: faults)
        let line = FaultyLine(platform: platform, faults: faults, now: clock.wallNow)
        return line.carry { desk.answer(to: request, path: path.dropFirst()) }
    }

    private func world(of platform: Platform, for key: String) -> World {
        let name = "\(platform.rawValue)/\(key)"
        if let known = worlds.withLock({ $0[name] }) { return known }
        let world = World(of: key, on: platform, settings, epoch: epoch)
        worlds.withLock { worlds in
            if worlds.count >= Simulator.capacity { worlds = [:] }
            worlds[name] = world
        }
        return world
    }
}
