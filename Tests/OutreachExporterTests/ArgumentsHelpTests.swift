// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

@Suite struct ArgumentsHelpTests {
    private let help = "\(Help(kinds: [StubAlpha.self, StubBeta.self]))"

    @Test("The help names every command, flag, default and variable, within 80 columns")
    func complete() {
        for command in Command.allCases {
            #expect(help.contains("\n  \(command.rawValue) "))
        }
        for flag in FlagGroup.allCases.flatMap(\.flags) {
            #expect(help.contains("--\(flag.name)\(flag.placeholder.map { "=\($0)" } ?? " ")"))
            if let standard = flag.standard {
                #expect(help.contains("[\(standard)]"))
            }
        }
        #expect(help.contains("ALPHA_API_KEY") && help.contains("BETA_API_KEY"))
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("The help begins like this")
    func beginning() {
        #expect(
            help.hasPrefix(
                """
                Serves the numbers of cold-outreach platforms as Prometheus metrics.

                Usage: outreach-exporter [COMMAND] [FLAG]...

                Commands:
                  run          Collect and serve metrics; the command may be left out.
                  demo         The same against the built-in simulator: no key, no network.
                  simulate     Only the simulator, to try dashboards, alerts and clients on.
                  check        Read the configuration and test every key, part by part.
                  backfill     Write what the providers know of the past, for Prometheus.
                  healthcheck  Ask the running exporter, started with the same flags, if it is
                               healthy.
                  catalogue    Print every metric and where it comes from, as Markdown.
                  version      Print the version.
                  help         Print this help, or that of the command that follows.

                Configuration (run, check, backfill):
                  --config.file=FILE           Accounts and how to collect them; without a file
                                               every key in the environment makes an account.
                """
            )
        )
    }

    @Test("The help of a command names its flags alone")
    func topic() {
        let help = "\(Help(kinds: [StubAlpha.self], topic: .simulate))"
        #expect(help.hasPrefix("Only the simulator"))
        #expect(help.contains("Usage: outreach-exporter simulate [FLAG]...") && help.contains("--simulator.seed"))
        #expect(help.contains("--log.level") && !help.contains("--web.") && !help.contains("ALPHA_API_KEY"))
    }

    @Test("Flags have different names, and help texts that end like sentences")
    func table() {
        let flags = FlagGroup.allCases.flatMap(\.flags)
        #expect(Set(flags.map(\.name)).count == flags.count)
        #expect(flags.allSatisfy { $0.help.hasSuffix(".") })
    }
}
