// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
package import HTTPServer
internal import Synchronization

/// The providers' APIs answered from a seeded simulation: responses depend on the request and the clock alone.
///
/// An account's base URL is the simulator's followed by `SimulatedProvider.path`. Any API key opens an account of its own,
/// the same key always the same, but for an empty one and those that begin with `bad-`.
/// `GET` and `POST /faults` show and replace the faults, `GET` and `POST /speed` the clock's speed, for clients on this
/// machine.
package final class Simulator: Sendable {
    /// Number of accounts cached; others are generated again, with the same result.
    private static let capacity = 256

    let clock: SimulatedClock
    let faultState = FaultState()
    let limiter = SimulatedRateLimiter()
    let crossOrigin = CrossOriginProtection()
    let settings: SimulatorSettings
    private let epoch: SimulatedInstant
    private let worlds = Mutex<[String: World]>([:])

    /// Starts a simulation whose history ends now.
    ///
    /// - Parameters:
    ///   - settings: the size of the accounts, the speed and the initial faults.
    ///   - wall: the wall clock, in seconds since 1970.
    package init(
        _ settings: SimulatorSettings = SimulatorSettings(),
        wall: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.settings = settings
        clock = SimulatedClock(speed: settings.speed, wall: wall)
        epoch = clock.now
        faultState.replace(with: settings.faults, at: epoch)
    }

    /// Changes the speed from now on, in simulated seconds per second; 0 stops the clock.
    package func setSpeed(_ speed: Double) {
        clock.setSpeed(speed)
    }

    package var faults: [FaultRule] { faultState.rules }

    package func setFaults(_ rules: [FaultRule]) {
        faultState.replace(with: rules, at: clock.now)
    }

    /// What a provider reports to an API key now, before it is serialized.
    package func snapshot(of provider: SimulatedProvider, for key: String) -> WorldSnapshot {
        WorldSnapshot(
            now: clock.now,
            world: world(of: provider, for: key),
            effects: faultState.effects(on: provider)
        )
    }

    /// The response to a request, including delays and broken connections as values; never waits.
    package func respond(to request: Request) -> SimulatorResponse {
        let path = request.path.split(separator: "/")
        guard let provider = path.first.flatMap({ SimulatedProvider(rawValue: String($0)) }) else {
            return .respond(ControlEndpoints(simulator: self).respond(to: request))
        }
        let faults = faultState.faults(of: provider)
        let router = ProviderRouter(simulator: self, provider: provider, faults: faults)
        let middleware = FaultMiddleware(provider: provider, faults: faults, now: clock.wallTime)
        return middleware.respond { router.respond(to: request, path: path.dropFirst()) }
    }

    private func world(of provider: SimulatedProvider, for key: String) -> World {
        let name = "\(provider.rawValue)/\(key)"
        if let known = worlds.withLock({ $0[name] }) { return known }
        let world = World(of: key, on: provider, settings, epoch: epoch)
        worlds.withLock { worlds in
            if worlds.count >= Simulator.capacity { worlds = [:] }
            worlds[name] = world
        }
        return world
    }
}

/// The settings of a simulation, set by the command's `--simulator.*` flags.
package struct SimulatorSettings: Sendable, Hashable {
    /// The seed: the same seed, key and clock produce the same responses.
    package var seed: UInt64 = 1
    /// Campaigns per account, at least 1.
    package var campaigns = StagedTroubles.healthyCampaigns
    /// Steps of a campaign, at least 1; lemlist's conditional campaigns branch after the last.
    package var steps = 4
    /// A/B variants of a step, 1 to 26.
    package var variants = 2
    package var mailboxes: Int
    /// Days of history before the start, at least 26.
    package var past = 90
    /// Simulated seconds per second; 0 stops the clock.
    package var speed: Double = 600
    /// Simulated days in a day of whoever watches, at least 1: daily limits and leads at hand suffice for so many.
    package var daysPerDay = 1
    /// The share of the campaigns whose numbers change at a time, above 0 and at most 1.
    ///
    /// Campaigns are active in rotation and keep all numbers in between: an account of which 2 % of the campaigns
    /// change
    /// per cycle is `0.02` with an `activePeriod` as long as the cycle.
    package var activeShare: Double = 1
    /// The length of a campaign's active period, in simulated seconds; with `activeShare` 1 without effect.
    package var activePeriod: Double = 3600
    package var enforcesLimits = true
    /// Whether clients on other machines may change faults and speed.
    package var allowsRemoteControl = false
    /// The faults that are active from the start.
    package var faults: [FaultRule] = []

    /// The defaults of the flags, but for the number of mailboxes: a dozen campaigns per account at ten minutes a second.
    package init(mailboxes: Int = 8) {
        self.mailboxes = mailboxes
    }
}

/// The outcome of a request: a response, or the way in which the connection fails.
package indirect enum SimulatorResponse: Sendable {
    case respond(Response)
    /// Send the whole head with its `Content-Length`, this many bytes of the body, then close the connection.
    case truncate(Response, afterBytes: Int)
    /// Close the connection without a response.
    case drop
    /// Keep the connection open and never respond.
    case hang
    case late(Duration, SimulatorResponse)
}
