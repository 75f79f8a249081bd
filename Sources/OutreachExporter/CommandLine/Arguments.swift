// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import HTTPServer
internal import Backfill
internal import Simulator

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
    var history = BackfillArguments()

    /// The least important lines logged.
    var logLevel = LogLevel.info
    /// How log lines are written.
    var logFormat = LogFormat.logfmt
}

extension Arguments {
    /// Reads a command line.
    ///
    /// - Parameter words: what follows the program's name.
    /// - Throws: everything that is wrong with it, at once; nothing where it asks for help.
    init(parsing words: [String]) throws(UsageError) {
        var parser = ArgumentParser(words)
        parser.parse()
        guard parser.reasons.isEmpty || parser.arguments.asksForHelp else { throw UsageError(reasons: parser.reasons) }
        self = parser.arguments
    }
}

/// What the command line says about the past to write.
struct BackfillArguments: Sendable, Hashable {
    /// A label that the scrape adds to every series.
    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// The time from one sample of a series to the next, in seconds: a part of the day that divides it.
    struct SampleInterval: Sendable, Hashable {
        let seconds: Int
    }

    /// The first day.
    var since: Day?
    /// The last day; `nil` is yesterday.
    var until: Day?
    /// The names of the accounts; none is all.
    var accounts: [String] = []
    /// Whether the totals of steps are wanted.
    var steps = false
    /// Labels that the scrape adds.
    var labels: [Label] = []
    /// The time between samples.
    var sampleInterval = SampleInterval(seconds: 3600)
    /// The file to write.
    var output: String?
}

extension Day: FlagValue {
    static var expected: String { "a day: 2026-01-31" }

    /// Reads a day that exists, written `2026-01-31`; `nil` for anything else.
    init?(flagText: String) {
        guard let day = Day(flagText), day.description == flagText else { return nil }
        self = day
    }

    var flagText: String { description }
}

extension BackfillArguments.Label: FlagValue {
    static var expected: String { "a label of the scrape: job=outreach" }

    init?(flagText: String) {
        let parts = flagText.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil,
            !["provider", "account", "campaign", "sequence", "step", "variant"].contains(parts[0])
        else { return nil }
        self.init(name: String(parts[0]), value: String(parts[1]))
    }

    var flagText: String { "\(name)=\(value)" }
}

extension BackfillArguments.SampleInterval: FlagValue {
    static var expected: String { "a duration that divides a day: 5m, 1h, 24h" }

    init?(flagText: String) {
        guard let duration = Duration(text: flagText), duration > .zero, .seconds(Day.seconds) >= duration,
            case (let seconds, 0) = duration.components, Day.seconds % Int(seconds) == 0
        else { return nil }
        self.init(seconds: Int(seconds))
    }

    var flagText: String { Duration.seconds(seconds).text }
}

/// What the command line says about the simulator.
struct SimulatorArguments: Sendable, Hashable {
    /// Where it serves the APIs.
    var listenAddress: ListenAddress = .network(host: "127.0.0.1", port: 0)
    /// The seed: the same one gives the same world.
    var seed = 1
    /// Campaigns of each provider.
    var campaigns = 12
    /// Steps of each campaign.
    var steps = 4
    /// Variants of each step.
    var variants = 2
    /// Mailboxes of each provider.
    var mailboxes = 40
    /// Days of the world's past.
    var past = 90
    /// Simulated seconds per second.
    var speed = 600.0
    /// The faults that are on from the start.
    var faults: [FaultRule] = []
}

/// What the program is asked to do.
enum Command: String, Sendable, CaseIterable {
    case run, demo, simulate, check, backfill, catalogue

    /// One line for the help.
    var help: String {
        switch self {
        case .run: "Collect and serve metrics; the command may be left out."
        case .demo: "The same against the built-in simulator: no key, no network."
        case .simulate: "Only the simulator, to try dashboards, alerts and clients on."
        case .check: "Read the configuration and try every key with one cheap call."
        case .backfill: "Write what the providers know of the past, for Prometheus."
        case .catalogue: "Print every metric and where it comes from, as Markdown."
        }
    }
}

/// Why a command line makes no sense; the description holds a line for each reason.
struct UsageError: Error, Hashable, CustomStringConvertible {
    /// The status that the process ends with.
    static let exitCode: Int32 = 2

    /// What is wrong and what to do, in the order of the command line.
    let reasons: [String]

    var description: String {
        (reasons + ["all flags: outreach-exporter --help"]).joined(separator: "\n")
    }
}
