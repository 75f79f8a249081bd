// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Simulator

/// Collects from the built-in simulator and serves, until it is asked to stop.
struct DemoCommand {
    let arguments: Arguments
    let log: Log

    /// A simulated hour and a half passes between two collections at the default speed.
    private static let interval = Duration.seconds(10)

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let server = try Server(simulating: arguments, isDemo: true)
            guard let address = server.addresses.first, let url = address.url(isSecure: false) else {
                Output.diagnose("--simulator.listen-address: the demo reaches its simulator by host and port only")
                return UsageError.exitCode
            }
            log.info("simulator listening", ["address": address])
            let source = SettingsSource.demo(simulator: url, interval: Self.interval)
            return await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                let status = await RunCommand(arguments: arguments, source: source, log: log).run(until: signals)
                group.cancelAll()
                return status
            }
        } catch {
            log.exit(because: error)
            return 1
        }
    }
}

/// Serves the simulated APIs until it is asked to stop.
struct SimulateCommand {
    let arguments: Arguments
    let log: Log

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let server = try Server(simulating: arguments)
            for address in server.addresses {
                log.info("listening", ["address": address, "serves": "simulator"])
            }
            try await withThrowingTaskGroup { group in
                group.addTask { try await server.run() }
                group.addTask { for await signal in signals where signal == .stop { break } }
                defer { group.cancelAll() }
                try await group.next()
            }
            return 0
        } catch {
            log.exit(because: error)
            return 1
        }
    }
}

extension Server {
    /// A server of the simulated APIs.
    ///
    /// Those of the demo have no limits of requests; their daily limits and leads suffice for a day of whoever watches,
    /// however many simulated days pass in it.
    convenience init(simulating arguments: Arguments, isDemo: Bool = false) throws(ServerError) {
        var settings = arguments.simulator
        settings.enforcesLimits = !isDemo
        settings.daysPerDay = isDemo ? max(1, Int(settings.speed)) : 1
        let simulator = Simulator(settings)
        try self.init(Configuration(addresses: [arguments.simulatorAddress])) { request in
            Server.HandlerResult(simulator.respond(to: request))
        }
    }
}

extension Server.HandlerResult {
    fileprivate init(_ reaction: SimulatorResponse) {
        switch reaction {
        case .respond(let response): self = .response(response)
        case .truncate(let response, let count): self = .response(response.aborted(.afterBody(count)))
        case .drop: self = .response(Response().aborted(.beforeHead))
        case .hang:
            self = .deferred {
                try? await Task.sleep(for: Self.longestHang)
                return .response(Response().aborted(.beforeHead))
            }
        case .late(let wait, let next):
            self = .deferred {
                try? await Task.sleep(for: wait)
                return Self(next)
            }
        }
    }

    /// The time after which the connection of a hanging response is dropped.
    private static let longestHang = Duration.seconds(120)
}
