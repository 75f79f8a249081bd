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
    private let settings: Settings
    private let epoch: Moment
    private let limiter = RateLimiter()
    private let worlds = Mutex<[String: World]>([:])

    /// Makes a world whose past ends now.
    ///
    /// - Parameters:
    ///   - settings: what the world is made of.
    ///   - wall: the wall clock, in seconds since 1970.
    package init(
        _ settings: Settings = Settings(),
        wall: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.settings = settings
        clock = SimulatedClock(speed: settings.speed, wall: wall)
        epoch = clock.now
        board.replace(with: settings.faults, at: epoch)
    }

    /// Runs the world at another speed from now; 0 stands still.
    package func setSpeed(_ speed: Double) {
        clock.setSpeed(speed)
    }

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
        if faults.contains(.dropConnection) { return .drop }
        if faults.contains(.hang) { return .hang }
        let answer = faulty(platform, faults) ?? honest(request, Array(path.dropFirst()), platform, faults)
        return deliver(answer, faults)
    }

    /// The answer where a fault gives the same one to every call.
    private func faulty(_ platform: Platform, _ faults: Set<Fault>) -> WireAnswer? {
        let kinds: [(Fault, RefusalKind)] = [
            (.unauthorized, .unauthorized), (.paymentRequired, .paymentRequired), (.rateLimit, .rateLimited),
            (.serverError, .serverError),
        ]
        let elsewhere = (name: "Location", value: "http://elsewhere.example/")
        if faults.contains(.redirect) { return WireAnswer(status: 302, headers: [elsewhere], body: .json([:])) }
        if let kind = kinds.first(where: { faults.contains($0.0) })?.1 {
            var answer = platform.api.refusal(kind)
            let verdict = limiter.admit("", [RateLimit(requests: 0, seconds: 1)], at: clock.wallNow)
            if kind == .rateLimited { answer.headers += platform.api.headers(for: verdict) }
            return answer
        }
        let page = "<!DOCTYPE html><html><head><title>Just a moment…</title></head><body></body></html>"
        return faults.contains(.notJSON) ? WireAnswer(body: .text(page, type: "text/html; charset=utf-8")) : nil
    }

    /// The answer of a provider in order: key, limits, route.
    private func honest(
        _ request: Request,
        _ path: [Substring],
        _ platform: Platform,
        _ faults: Set<Fault>
    ) -> WireAnswer {
        let key: String
        do {
            key = try platform.api.account(of: request, path: path.joined(separator: "/"))
        } catch {
            return error.answer
        }
        let limits = settings.enforcesLimits ? platform.api.limits : [RateLimit(requests: .max, seconds: 1)]
        let verdict = limiter.admit("\(platform.rawValue)/\(key)", limits, at: clock.wallNow)
        var answer =
            verdict.isAllowed
            ? routed(request, path, platform, key: key, faults) : platform.api.refusal(.rateLimited)
        answer.headers += platform.api.headers(for: verdict)
        return answer
    }

    private func routed(
        _ request: Request,
        _ path: [Substring],
        _ platform: Platform,
        key: String,
        _ faults: Set<Fault>
    ) -> WireAnswer {
        let matches = platform.api.routes.compactMap { route in route.match(path).map { (route, $0) } }
        guard !matches.isEmpty else { return platform.api.refusal(.notFound) }
        guard let (route, variables) = matches.first(where: { $0.0.method == request.method }) else {
            var answer = platform.api.refusal(.methodNotAllowed)
            answer.headers.append(("Allow", matches.map(\.0.method).joined(separator: ", ")))
            return answer
        }
        let scene = scene(of: platform, for: key)
        return route.answer(
            Call(request: request, variables: variables, scene: scene, clock: clock, faults: faults)
        )
    }

    private func deliver(_ answer: WireAnswer, _ faults: Set<Fault>) -> Reaction {
        var answer = answer
        if case .json(let body) = answer.body, answer.status == 200 {
            answer.body = .json(WireFault.rewrite(body, faults))
        }
        let response = answer.response
        let half = response.body.reduce(0) { $0 + $1.count } / 2
        let reaction: Reaction =
            faults.contains(.truncate) ? .truncate(response, afterBytes: half) : .respond(response)
        return faults.contains(.slow) ? .late(.seconds(2), reaction) : reaction
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
