// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPServer
import Backfill
import Simulator
import Testing

@testable import OutreachExporter

@Suite struct ArgumentsParsingTests {
    @Test("Without a word everything has its default")
    func nothing() throws {
        let arguments = try Arguments(parsing: [])
        #expect(arguments == Arguments())
        #expect(
            arguments.command == .run && arguments.listenAddresses == [.network(host: nil, port: 10447)]
                && arguments.maxRequests == 40
        )
    }

    @Test("The command stands in front", arguments: Command.allCases)
    func command(command: Command) throws {
        #expect(try Arguments(parsing: [command.rawValue]).command == command)
        #expect(try Arguments(parsing: [command.rawValue, "--log.level=debug"]).command == command)
    }

    @Test(
        "One dash or two, an equals sign or a space",
        arguments: [
            ["--config.file=a.yml"], ["-config.file=a.yml"], ["--config.file", "a.yml"], ["-config.file", "a.yml"],
            ["run", "--config.file", "a.yml"],
        ]
    )
    func spelling(words: [String]) throws {
        #expect(try Arguments(parsing: words).configFile == "a.yml")
    }

    @Test("Every flag lands in its place")
    func everything() throws {
        var expected = Arguments()
        expected.configFile = "a=b.yml"
        expected.checksConfig = true
        expected.storagePath = ""
        expected.shard = Shard("2/3")
        expected.listenAddresses = [.network(host: "::1", port: 1), .unix(path: "/run/x.sock", mode: 0o660)]
        expected.telemetryPath = "/a/metrics"
        expected.externalURL = ExternalURL(flagText: "https://monitor.example/x")
        expected.routePrefix = RoutePrefix(flagText: "/y")
        expected.authenticatesProbes = true
        expected.webConfigFile = "-"
        expected.accountsFile = "a.yml"
        expected.maxRequests = 1
        expected.logLevel = .warn
        expected.logFormat = .json
        let words = [
            "--config.file=a=b.yml", "--config.check", "--storage.path=", "--shard=2/3", "--web.listen-address=[::1]:1",
            "--web.listen-address", "unix:///run/x.sock", "--web.telemetry-path=/a/metrics", "--web.config.file", "-",
            "--web.external-url=https://monitor.example/x", "--web.route-prefix=y/", "--web.authenticate-probes",
            "--web.accounts.file=a.yml", "--web.max-requests=1", "--log.level=warn", "--log.format=json",
        ]
        #expect(try Arguments(parsing: words) == expected)
    }

    @Test("Help and version are commands as well as flags, and help may be about a command")
    func help() throws {
        for (words, topic) in [
            (["help"], nil), (["--help"], nil), (["help", "run"], .run), (["backfill", "--help"], .backfill),
            (["backfill", "-h", "--nonsense"], .backfill),
        ] as [([String], Command?)] {
            let arguments = try Arguments(parsing: words)
            #expect(arguments.asksForHelp && arguments.helpTopic == topic)
        }
        #expect(try Arguments(parsing: ["version"]).asksForVersion)
        #expect(throws: UsageError.self) { try Arguments(parsing: ["version", "nothing"]) }
    }

    @Test("A health check takes the flags that the exporter was started with")
    func healthcheck() throws {
        let words = ["healthcheck", "--config.file=c", "--web.listen-address=:1", "--simulator.seed=2", "--shard=1/2"]
        #expect(try Arguments(parsing: words).listenAddresses == [.network(host: nil, port: 1)])
    }

    @Test(
        "The prefix of all paths is that of the external URL, unless one is given",
        arguments: [
            (["--web.external-url=https://a.example/x/y/"], "/x/y"), (["--web.external-url=/x"], "/x"),
            (["--web.external-url=https://a.example:8443"], ""), (["--web.external-url=https://a.example/"], ""),
            (["--web.external-url=http://a/x", "--web.route-prefix=/"], ""), (["--web.route-prefix=x"], "/x"),
            (["--web.route-prefix=/x/"], "/x"), ([], ""),
        ]
    )
    func prefix(flags: [String], prefix: String) throws {
        #expect(try Arguments(parsing: flags).routePath == prefix)
    }

    @Test(
        "What is no URL is refused",
        arguments: [
            "https://", "https:///x", "ftp://a/x", "a.example/x", "https://a/x?y", "https://u@a/x", "https://a/x y",
            "", "https://a/\"",
        ]
    )
    func noURL(text: String) {
        #expect(throws: UsageError.self) { try Arguments(parsing: ["--web.external-url=\(text)"]) }
    }

    @Test("Every flag of the simulator lands in its place", arguments: [Command.demo, .simulate])
    func simulator(command: Command) throws {
        let words = [
            command.rawValue, "--simulator.listen-address=:1", "--simulator.seed=7", "--simulator.campaigns=1",
            "--simulator.steps=2", "--simulator.variants=3", "--simulator.mailboxes=0", "--simulator.past=200",
            "--simulator.speed=0.5", "--simulator.faults=slow,hang", "--simulator.remote-control",
        ]
        var settings = SimulatorSettings(mailboxes: 0)
        settings.allowsRemoteControl = true
        settings.seed = 7
        settings.campaigns = 1
        settings.steps = 2
        settings.variants = 3
        settings.past = 200
        settings.speed = 0.5
        settings.faults = [FaultRule(.slow), FaultRule(.hang)]
        let arguments = try Arguments(parsing: words)
        #expect(arguments.simulator == settings && arguments.simulatorAddress == .network(host: nil, port: 1))
    }

    @Test("Every flag of the past lands in its place")
    func history() throws {
        let words = [
            "backfill", "--config.file=c", "--since=2026-01-31", "--until", "2026-02-28", "--account=a", "--account=b",
            "--steps", "--label=job=outreach", "--label", "instance=a=b", "--every=5m", "--output=x.om",
        ]
        var expected = BackfillArguments()
        expected.since = Day("2026-01-31")
        expected.until = Day("2026-02-28")
        expected.accounts = ["a", "b"]
        expected.steps = true
        expected.labels = [.init(name: "job", value: "outreach"), .init(name: "instance", value: "a=b")]
        expected.sampleInterval = .init(seconds: 300)
        expected.output = "x.om"
        #expect(try Arguments(parsing: words).history == expected)
    }

    @Test("The time between samples is a duration like any other", arguments: ["90s": 90, "1h30m": 5400, "1d": 86_400])
    func sampleInterval(text: String, seconds: Int) throws {
        #expect(try Arguments(parsing: ["backfill", "--every=\(text)"]).history.sampleInterval.seconds == seconds)
    }

    @Test(
        "What is no day, label or part of a day is refused",
        arguments: [
            "--since=2026-02-30", "--until=today", "--label=job", "--label=1=2", "--label=account=x", "--label=name=x",
            "--label=__name__=x", "--every=7m",
            "--every=0s", "--every=2d", "--every=h", "--every=1h7m", "--every=500ms", "--output=",
        ]
    )
    func wrongPast(word: String) {
        let error = #expect(throws: UsageError.self) { try Arguments(parsing: ["backfill", word]) }
        #expect(error?.reasons.count == 1)
    }

    @Test("A flag that is there or not may say so")
    func toggles() throws {
        #expect(try Arguments(parsing: ["--config.check=true"]).checksConfig)
        #expect(try !Arguments(parsing: ["--config.check=false"]).checksConfig)
        #expect(try Arguments(parsing: ["--version"]).asksForVersion)
    }

    @Test(
        "Help is answered whatever else is wrong",
        arguments: [["-h"], ["--help"], ["-help"], ["--bogus", "x", "--help"], ["check", "-h"]]
    )
    func help(words: [String]) throws {
        #expect(try Arguments(parsing: words).asksForHelp)
    }

    @Test(
        "What is wrong says what to do",
        arguments: [
            (["--config.fil=x"], "unknown flag --config.fil: did you mean --config.file?"),
            (["--web.listen-adress", ":1"], "unknown flag --web.listen-adress: did you mean --web.listen-address?"),
            (["--bogus=pa55"], "unknown flag --bogus"), (["---"], "unknown flag --"), (["-="], "unknown flag --"),
            (["--config.file"], "--config.file needs a value: --config.file=FILE"),
            (["--config.file", "--version"], "--config.file needs a value: --config.file=FILE"),
            (["--config.file="], #"--config.file: "" is not a value"#),
            (["--config.file=a", "-config.file=b"], "--config.file is given more than once"),
            (["--config.check=maybe"], #"--config.check: "maybe" is not true or false"#),
            (["--shard=4/3"], #"--shard: "4/3" is not \#(Shard.expected)"#),
            (
                ["--web.listen-address="],
                #"--web.listen-address: "" is not an address: :10447, 127.0.0.1:10447, [::1]:10447 or unix:///path"#
            ),
            (["--web.telemetry-path=metrics"], #"--web.telemetry-path: "metrics" is not a path like /metrics"#),
            (["--web.telemetry-path=/"], #"--web.telemetry-path: "/" is not a path like /metrics"#),
            (["--web.telemetry-path=/-/ready"], #"--web.telemetry-path: "/-/ready" is not a path like /metrics"#),
            (["--web.telemetry-path=/sd"], #"--web.telemetry-path: "/sd" is not a path like /metrics"#),
            (["--web.telemetry-path=/a?b"], #"--web.telemetry-path: "/a?b" is not a path like /metrics"#),
            (["--web.max-requests=0"], #"--web.max-requests: "0" is not a whole number from 1 to 10000"#),
            (
                ["--web.accounts.file=x"],
                "--web.accounts.file needs --web.config.file, which has the passwords of the users"
            ),
            (["--log.level=verbose"], #"--log.level: "verbose" is not one of debug, info, warn, error"#),
            (["--log.format=xml"], #"--log.format: "xml" is not one of logfmt, json"#),
            (["--simulator.seed=1"], "--simulator.seed means nothing to run: it belongs to demo and simulate"),
            (
                ["demo", "--config.file=x"],
                "--config.file means nothing to demo: it belongs to run, check and backfill"
            ),
            (
                ["simulate", "--web.max-requests=1"],
                "--web.max-requests means nothing to simulate: it belongs to run, demo and healthcheck"
            ),
            (["demo", "--simulator.variants=27"], #"--simulator.variants: "27" is not a whole number from 0 to 26"#),
            (["demo", "--simulator.speed=nan"], #"--simulator.speed: "nan" is not a number from 0 to 1000000"#),
            (["demo", "--simulator.seed=-1"], #"--simulator.seed: "-1" is not a whole number"#),
            (["--log.level=debug", "demo"], "the command demo must stand in front of everything else"),
            (["dmeo"], #"unexpected argument "dmeo": did you mean demo?"#),
            (
                ["config.yml"],
                #"unexpected argument "config.yml": the commands are run, demo, simulate, check, backfill, healthcheck, catalogue, version, help, and flags start with a dash"#
            ),
            (
                ["--"],
                #"unexpected argument "--": the commands are run, demo, simulate, check, backfill, healthcheck, catalogue, version, help, and flags start with a dash"#
            ),
        ]
    )
    func wrong(words: [String], reason: String) {
        let error = #expect(throws: UsageError.self) { try Arguments(parsing: words) }
        #expect(error?.reasons.first == reason)
    }

    @Test("Everything that is wrong is said at once, and the status is 2")
    func together() {
        let error = #expect(throws: UsageError.self) { try Arguments(parsing: ["--bogus", "--shard=0/1", "x"]) }
        #expect(error?.reasons.count == 3)
        #expect(error?.description.hasSuffix("\nall flags: outreach-exporter --help") == true)
        #expect(UsageError.exitCode == 2)
    }
}
