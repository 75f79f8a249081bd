// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

/// Collects from the built-in simulator and serves, until it is asked to stop.
struct DemoCommand {
    /// The command line.
    let arguments: Arguments
    /// The log.
    let log: Log

    /// A simulated hour and a half passes between two collections at the default speed.
    private static let interval = Duration.seconds(10)

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let server = try Server(simulating: arguments.simulator)
            guard let address = server.addresses.first else { return 1 }
            log.info("simulator listening", ["address": address])
            let source = SettingsSource.demo(simulator: "http://\(address)", interval: Self.interval)
            return await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                let status = await RunCommand(arguments: arguments, source: source, log: log).run(until: signals)
                group.cancelAll()
                return status
            }
        } catch {
            Output.complain("\(error)")
            return 1
        }
    }
}
