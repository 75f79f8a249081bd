// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPServer

/// What stands on the command line.
struct Arguments: Sendable, Hashable {
    /// What to do.
    var command = Command.run
    /// Whether to print the help and nothing else.
    var asksForHelp = false
    /// Whether to print the version and nothing else.
    var asksForVersion = false

    /// The configuration file; `nil` makes an account of each key in the environment.
    var configFile: String?
    /// Whether to check the configuration file and nothing else.
    var checksConfig = false
    /// The share of the accounts to collect; `nil` is all of them.
    var shard: Shard?
    /// The folder for the last reports, in place of the file's; empty keeps them in memory.
    var storagePath: String?

    /// The addresses to serve on: `:10447`, `[::1]:10447`, `unix:///run/metrics.sock`.
    var listenAddresses: [ListenAddress] = [.network(host: nil, port: 10447)]
    /// Whether to serve on the sockets that systemd passes on, and not on addresses.
    var usesPassedSockets = false
    /// The path of the metrics.
    var telemetryPath = "/metrics"
    /// The file that sets up TLS and authentication.
    var webConfigFile: String?
    /// The most requests answered at once.
    var maxRequests = 40

    /// The simulator's world and address.
    var simulator = SimulatorArguments()

    /// The past to write.
    var history = HistoryArguments()

    /// The least important lines logged.
    var logLevel = LogLevel.info
    /// How log lines are written.
    var logFormat = LogFormat.logfmt
}
