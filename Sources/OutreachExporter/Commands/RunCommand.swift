// SPDX-License-Identifier: Apache-2.0

internal import Doors
internal import HTTPClient

/// Collects and serves until it is asked to stop.
struct RunCommand {
    /// The command line.
    let arguments: Arguments
    /// Where the settings come from.
    let source: SettingsSource
    /// The log.
    let log: Log

    /// Runs; returns the exit status.
    func run(until signals: AsyncStream<Signals.Request>) async -> Int32 {
        do {
            let settings = try source.load()
            let reloads = ReloadState(at: .now)
            let web = try arguments.webConfigFile.map { try WebConfiguration(file: $0, noting: reloads, in: log) }
            let transport = try CurlTransport(.init(userAgent: Build.userAgent, connectionsPerHost: 64))
            try await Exporter(
                arguments,
                source,
                settings,
                transport: transport,
                web: web,
                reloads: reloads,
                log: log
            )
            .run(until: signals)
            await transport.shutdown()
            return 0
        } catch {
            Output.complain("\(error)")
            return 1
        }
    }
}
