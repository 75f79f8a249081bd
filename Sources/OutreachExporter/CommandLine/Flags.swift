// SPDX-License-Identifier: Apache-2.0

internal import Simulator

/// A flag of the command line, from which parser, help and documentation test are derived.
struct Flag: Sendable {
    /// The name without dashes: `web.max-requests`.
    let name: String
    /// The short form, one letter.
    var short: Character?
    /// The placeholder of the value in the help; `nil` for a flag without a value.
    var placeholder: String?
    /// The default as text; `nil` for none.
    var standard: String?
    /// Whether the flag may be repeated.
    var repeats = false
    let help: String
    /// Stores a value in the arguments; returns what was expected instead where it does not fit.
    ///
    /// `isFirst` is false for a repetition.
    let apply: @Sendable (_ text: String, _ isFirst: Bool, _ arguments: inout Arguments) -> String?
}

/// A group of flags in the help, in its order; the raw value is its heading.
enum FlagGroup: String, CaseIterable {
    case configuration = "Configuration"
    case web = "Web"
    case simulator = "Simulator"
    case history = "Past"
    case log = "Log"
    case other = "Other"

    /// The commands that accept the flags of the group.
    var commands: [Command] {
        switch self {
        case .configuration: [.run, .check, .backfill]
        case .web: [.run, .demo, .healthcheck]
        case .simulator: [.demo, .simulate]
        case .history: [.backfill]
        case .log, .other: Command.allCases
        }
    }

    /// Whether a command line with the command may have the flags of the group: `healthcheck` takes those that the
    /// exporter was started with.
    func isAccepted(by command: Command) -> Bool {
        commands.contains(command) || command == .healthcheck && self != .history
    }
}

extension FlagGroup {
    /// The flags of the group, in the order of the help.
    var flags: [Flag] {
        switch self {
        case .configuration: Self.configurationFlags
        case .web: Self.webFlags
        case .simulator: Self.simulatorFlags
        case .history: Self.historyFlags
        case .log: Self.logFlags
        case .other: Self.otherFlags
        }
    }

    private static let configurationFlags: [Flag] = [
        .optional(
            "config.file",
            "FILE",
            \.configFile,
            "Accounts and how to collect them; without a file every key in the environment makes an account."
        ) { !$0.isEmpty },
        .toggle("config.check", \.checksConfig, "Only check the configuration files, without a call to any provider."),
        .toggle(
            "config.check-without-keys",
            \.checksWithoutKeys,
            "The same where variables and files with keys may be missing."
        ),
        .optional(
            "storage.path",
            "DIR",
            \.storagePath,
            "Folder for the last reports, in place of the file's storage.path."
        ),
        .optional("shard", "N/M", \.shard, "Collect the Nth of M shares; auto/M: by host name."),
    ]

    private static let webFlags: [Flag] = [
        .list(
            "web.listen-address",
            "ADDR",
            \.listenAddresses,
            "Address to serve on, or unix:///path; may be repeated."
        ),
        .toggle(
            "web.systemd-socket",
            \.usesPassedSockets,
            "Serve on the sockets of a systemd socket unit, not on addresses."
        ),
        .value("web.telemetry-path", "PATH", \.telemetryPath, "Path of the metrics.", expecting: "a path like /metrics")
        {
            $0.wholeMatch(of: /\/[A-Za-z0-9._~\/-]*[A-Za-z0-9._~-]/) != nil && !$0.hasPrefix("/-/") && $0 != "/sd"
        },
        .optional(
            "web.external-url",
            "URL",
            \.externalURL,
            "URL, or its path, under which a proxy serves the exporter."
        ),
        .optional(
            "web.route-prefix",
            "PATH",
            \.routePrefix,
            "Prefix of all paths; by default the path of --web.external-url."
        ),
        .toggle(
            "web.authenticate-probes",
            \.authenticatesProbes,
            "Ask for a password at /-/healthy and /-/ready too."
        ),
        .optional("web.config.file", "FILE", \.webConfigFile, "TLS and authentication, in the format of Prometheus.") {
            !$0.isEmpty
        },
        .optional("web.accounts.file", "FILE", \.accountsFile, "Accounts that each user of --web.config.file sees.") {
            !$0.isEmpty
        },
        .value(
            "web.max-requests",
            "N",
            \.maxRequests,
            "Requests answered at once; one more cuts the slowest reader.",
            expecting: "a whole number from 1 to 10000"
        ) { 1...10_000 ~= $0 },
    ]

    private static let simulatorFlags: [Flag] = [
        .value("simulator.listen-address", "ADDR", \.simulatorAddress, "Address of the simulated APIs."),
        .toggle(
            "simulator.remote-control",
            \.simulator.allowsRemoteControl,
            "Let other machines change faults and speed."
        ),
        .value("simulator.seed", "N", \.simulator.seed, "The same seed makes the same world."),
        count("simulator.campaigns", \.simulator.campaigns, upTo: 100_000, "Campaigns of each provider."),
        count("simulator.steps", \.simulator.steps, upTo: 100, "Steps of each campaign."),
        count("simulator.variants", \.simulator.variants, upTo: 26, "Variants of each step."),
        count("simulator.mailboxes", \.simulator.mailboxes, upTo: 100_000, "Mailboxes of each provider."),
        .value(
            "simulator.past",
            "DAYS",
            \.simulator.past,
            "Days of the world's past.",
            expecting: "a whole number from 26 to 3650"
        ) { 26...3650 ~= $0 },
        .value(
            "simulator.speed",
            "N",
            \.simulator.speed,
            "Simulated seconds per second.",
            expecting: "a number from 0 to 1000000"
        ) { 0...1_000_000 ~= $0 },
        .value("simulator.faults", "A,B", \.simulator.faults, "Faults that are on from the start."),
    ]

    private static func count(_ name: String, _ path: Flag.Path<Int>, upTo most: Int, _ help: String) -> Flag {
        .value(name, "N", path, help, expecting: "a whole number from 0 to \(most)") { 0...most ~= $0 }
    }

    private static let historyFlags: [Flag] = [
        .optional("since", "DAY", \.history.since, "First day of the past: 2026-01-01."),
        .optional("until", "DAY", \.history.until, "Last day of the past; yesterday unless given."),
        .list("account", "NAME", \.history.accounts, "Only this account; may be repeated."),
        .toggle("steps", \.history.steps, "The totals of steps too, at the price of many more calls."),
        .list("label", "NAME=VALUE", \.history.labels, "Label that the scrape adds: job, instance; may be repeated."),
        .value(
            "every",
            "DURATION",
            \.history.sampleInterval,
            "From one sample to the next: a day, or a part that divides it."
        ),
        .optional("output", "FILE", \.history.output, "Where the past is written to.") { !$0.isEmpty },
    ]

    private static let logFlags: [Flag] = [
        .value("log.level", "LEVEL", \.logLevel, "Least important lines logged: debug, info, warn or error."),
        .value("log.format", "FORMAT", \.logFormat, "Format of the lines: logfmt or json."),
    ]

    private static let otherFlags: [Flag] = [
        .toggle("version", \.asksForVersion, "Print the version."),
        .toggle("help", short: "h", \.asksForHelp, "Print this help."),
    ]
}
