// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// SIGTERM ends the real program, whatever it does at that moment.
@Suite(.timeLimit(.minutes(15))) struct StoppingTests {
    /// One account, at an address where nobody listens.
    private static let accounts =
        "accounts: [{name: a, provider: sendkit, api_key: sk_key, base_url: 'http://127.0.0.1:9'}]"

    @Test("a campaign's name costs a bounded time whatever the expression, and the stop is an orderly one")
    func expressions() async throws {
        try await withServer({ HostileProviders.answer(to: $0) }) { url in
            let directory = try TemporaryDirectory()
            let file = try directory.file(
                "config.yml",
                """
                accounts:
                  - name: slow
                    provider: sendkit
                    api_key: sk_key
                    base_url: '\(url)/slow-names'
                    interval: 1s
                    max_staleness: 10m
                    campaigns: { include: ['^(\\w+\\s?)*$'], exclude: ['(a+)+$', '.*test.*'] }
                """
            )
            let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
            let infos = { (page: MetricsPage) in
                page.data(of: "slow").keys.count { $0.hasPrefix("outreach_campaign_info") }
            }
            // The campaigns' part of the page may follow that of the account.
            let page = try await exporter.page {
                $0.value("outreach_account_up", "slow") == 1 && infos($0) > 0
            }
            #expect(infos(page) == HostileProviders.slowNames.count, "what cannot be decided is collected")
            #expect(await Self.stop(exporter) == 0)
            let warnings = exporter.program.lines.filter { $0.contains("an expression reached its limit") }
            #expect(warnings.count == 2 && warnings.allSatisfy { $0.contains("account=slow") }, "\(warnings)")
            for expression in [#"^(\\w+\\s?)*$"#, "(a+)+$"] {
                #expect(warnings.contains { $0.contains("expression=") && $0.contains(expression) })
            }
        }
    }

    @Test("a thread of the pool that never comes back does not keep it from ending", arguments: [SIGTERM, SIGINT])
    func overdue(signal: Int32) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", Self.accounts)
        let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
        // Nobody ever writes into this pipe: who opens it to read the configuration again waits for ever.
        let pipe = "\(directory.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0 && rename(pipe, file) == 0)
        exporter.program.signal(SIGHUP)
        #expect(await Self.stop(exporter, by: signal) == 3)
        let last = try #require(exporter.program.lines.last)
        #expect(last.hasSuffix(#"level=error msg="stopping took longer than 2s; ending""#))
    }

    /// Asks it to end and returns its exit status, which is SIGKILL's where it has not ended within four minutes.
    private static func stop(_ exporter: ExporterProcess, by signal: Int32 = SIGTERM) async -> Int32 {
        let executioner = Task {
            try await Task.sleep(for: .seconds(240))
            exporter.program.signal(SIGKILL)
        }
        defer { executioner.cancel() }
        return await exporter.stop(signal)
    }
}
