// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import HTTPServer
internal import Backfill
internal import Simulator

struct Arguments: Sendable, Hashable {
    var command = Command.run
    /// Whether to print the help and nothing else.
    var asksForHelp = false
    /// Whether to print the version and nothing else.
    var asksForVersion = false

    /// The configuration file; `nil` makes an account of each key in the environment.
    var configFile: String?
    /// Whether to check the configuration file and nothing else.
    var checksConfig = false
    /// The same, although variables and files with keys may be missing.
    var checksWithoutKeys = false
    /// The shard of the accounts to collect; `nil` for all accounts.
    var shard: Shard?
    /// The storage directory, which overrides `storage.path` of the file; empty for no storage.
    var storagePath: String?

    /// The addresses to serve on: `:10447`, `[::1]:10447`, `unix:///run/metrics.sock`.
    var listenAddresses: [ListenAddress] = [.network(host: nil, port: 10447)]
    /// Whether to serve on the sockets that systemd passes on, and not on addresses.
    var usesPassedSockets = false
    var telemetryPath = "/metrics"
    /// The URL under which users reach the exporter through a proxy.
    var externalURL: ExternalURL?
    /// The prefix of all paths, instead of the path of the external URL.
    var routePrefix: RoutePrefix?
    /// Whether `/-/healthy` and `/-/ready` need the password of the web configuration too.
    var authenticatesProbes = false
    /// The web configuration file, for TLS and authentication.
    var webConfigFile: String?
    /// The file that binds the users of the web configuration to accounts; `nil` lets all of them see every account.
    var accountsFile: String?
    /// The most requests answered at once.
    var maxRequests = 40

    /// The address of the simulated APIs, of `demo` and `simulate`.
    var simulatorAddress: ListenAddress = .network(host: "127.0.0.1", port: 0)
    /// What `demo` and `simulate` simulate.
    var simulator = SimulatorSettings(mailboxes: StagedTroubles.healthyMailboxes)

    /// The flags of `backfill`.
    var history = BackfillArguments()

    /// The least important lines logged.
    var logLevel = LogLevel.info
    var logFormat = LogFormat.logfmt
    /// The command whose help is asked for; `nil` for all of them.
    var helpTopic: Command?

    /// Whether to check the configuration and nothing else, with or without keys.
    var onlyChecks: Bool { checksConfig || checksWithoutKeys }

    /// The prefix of all paths: empty, or with a slash at its start and none at its end.
    var routePath: String { (routePrefix ?? externalURL?.path)?.path ?? "" }
}

extension Arguments {
    /// Parses a command line.
    ///
    /// - Parameter words: the arguments after the program's name.
    /// - Throws: all errors at once, unless `--help` is given.
    init(parsing words: [String]) throws(UsageError) {
        var parser = ArgumentParser(words)
        parser.parse()
        guard parser.reasons.isEmpty || parser.arguments.asksForHelp else { throw UsageError(reasons: parser.reasons) }
        self = parser.arguments
    }
}

/// The flags of `backfill`.
struct BackfillArguments: Sendable, Hashable {
    /// A label that Prometheus adds to every series when it scrapes.
    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// The interval between samples, in seconds; it divides a day.
    struct SampleInterval: Sendable, Hashable {
        let seconds: Int
    }

    var since: Day?
    /// The last day; `nil` is yesterday.
    var until: Day?
    /// The names of the accounts; empty for all accounts.
    var accounts: [String] = []
    /// Whether totals of steps are written too.
    var steps = false
    /// Labels that Prometheus adds when it scrapes, such as `job` and `instance`.
    var labels: [Label] = []
    var sampleInterval = SampleInterval(seconds: 3600)
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
            !parts[0].hasPrefix("__"), !BackfillFamilies.reservedLabels.contains(String(parts[0]))
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

/// A command of the program.
enum Command: String, Sendable, CaseIterable {
    case run, demo, simulate, check, backfill, healthcheck, catalogue, version, help

    /// One line for the help.
    var help: String {
        switch self {
        case .run: "Collect and serve metrics; the command may be left out."
        case .demo: "The same against the built-in simulator: no key, no network."
        case .simulate: "Only the simulator, to try dashboards, alerts and clients on."
        case .check: "Read the configuration and test every key, part by part."
        case .backfill: "Write what the providers know of the past, for Prometheus."
        case .healthcheck: "Ask the running exporter, started with the same flags, if it is healthy."
        case .catalogue: "Print every metric and where it comes from, as Markdown."
        case .version: "Print the version."
        case .help: "Print this help, or that of the command that follows."
        }
    }
}

/// The errors of a command line; the description has a line for each.
struct UsageError: Error, Hashable, CustomStringConvertible {
    /// The exit status of the process.
    static let exitCode: Int32 = 2

    /// The errors, in the order of the command line.
    let reasons: [String]

    var description: String {
        (reasons + ["all flags: outreach-exporter --help"]).joined(separator: "\n")
    }
}
