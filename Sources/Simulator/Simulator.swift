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
    let board = FaultState()
    let limiter = SimulatedRateLimiter()
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
    package func scene(of platform: Platform, for key: String) -> WorldSnapshot {
        WorldSnapshot(
            now: clock.now,
            world: world(of: platform, for: key),
            disturbances: board.disturbances(on: platform)
        )
    }

    /// What a client gets to see of a request, without waiting for anything.
    package func answer(to request: Request) -> SimulatorResponse {
        let path = request.path.split(separator: "/")
        guard let platform = path.first.flatMap({ Platform(rawValue: String($0)) }) else {
            return .respond(ControlEndpoints(simulator: self).answer(to: request))
        }
        let faults = board.faults(on: platform)
        let desk = ProviderRouter(simulator: self, platform: platform, faults: faults)
        let line = FaultMiddleware(platform: platform, faults: faults, now: clock.wallNow)
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

/// What the simulated world is made of; the command's `--simulator.*` flags.
package struct SimulatorSettings: Sendable {
    /// The number from which everything is drawn: the same seed, key and clock show the same world.
    package var seed: UInt64 = 1
    /// Campaigns per account, at least 1.
    package var campaigns = 12
    /// Steps of a campaign, at least 1; lemlist's conditional campaigns branch off behind the last.
    package var steps = 4
    /// A/B variants of a step, 1 to 26.
    package var variants = 2
    /// Mailboxes per account.
    package var mailboxes = 8
    /// Days of the world's past, at least 26: by then its oldest campaigns began to send.
    package var past = 90
    /// Simulated seconds per second; 0 stands still.
    package var speed: Double = 600
    /// The share of the campaigns that move at a time, above 0 and at most 1.
    ///
    /// The campaigns take turns: a campaign outside its turn keeps every number, so that a fleet of which 2 % change
    /// per cycle is `0.02` with a `turn` as long as the cycle.
    package var movingShare: Double = 1
    /// How long a campaign's turn lasts, in simulated seconds.
    package var turn: Double = 3600
    /// Whether the providers' rate limits are enforced.
    package var enforcesLimits = true
    /// The faults that are on from the start.
    package var faults: [FaultRule] = []

    /// The settings of `demo`: a dozen campaigns per account at ten minutes a second.
    package init() {}
}

/// A provider's API that the simulator stands in for; the raw value is the first part of its paths.
package enum Platform: String, Sendable, Hashable, CaseIterable {
    case instantly
    case lemlist
    case sendkit

    /// The path that an account's base URL ends with, behind the simulator's address.
    package var path: String {
        switch self {
        case .instantly, .sendkit: "/\(rawValue)"
        case .lemlist: "/lemlist/api"
        }
    }
}

/// How the simulator reacts to a request: an answer, or the way in which it fails to give one.
package indirect enum SimulatorResponse: Sendable {
    /// Send this.
    case respond(Response)
    /// Announce this response in full, send so many bytes of its body, then close the connection.
    case truncate(Response, afterBytes: Int)
    /// Close the connection without an answer.
    case drop
    /// Keep the connection open and never answer.
    case hang
    /// Let the time pass, then react.
    case late(Duration, SimulatorResponse)
}
