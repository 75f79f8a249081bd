// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Simulator

/// Serves the simulated APIs until it is asked to stop.
struct SimulateCommand {
    /// The command line.
    let arguments: Arguments
    /// The log.
    let log: Log

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let server = try Server(simulating: arguments.simulator)
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
            Output.complain("\(error)")
            return 1
        }
    }
}
