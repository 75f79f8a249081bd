// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer
import Testing

/// The real program, fed with the example bodies of the providers' documents over HTTP.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct RecordedResponseTests {
    /// The accounts: the documents' own examples, and newer answers in which no two numbers are the same.
    private static func configuration(_ address: String) -> String {
        let accounts = ["seeds", "newer"].flatMap { recording in
            TestedProvider.all.filter { $0.recordings.contains(recording) }.map { provider in
                "{name: \(recording)-\(provider.name), provider: \(provider.name), api_key: sk_recorded, "
                    + (provider.settings + ["base_url: '\(address)/\(recording)\(provider.path)'}"])
                    .joined(separator: ", ")
            }
        }
        return "{collection: {interval: 1s, max_staleness: 10m}, accounts: [\(accounts.joined(separator: ", "))]}"
    }

    @Test("every number of the providers' documents stands on the page as the catalogue says")
    func numbers() async throws {
        let providers = RecordedProviders()
        let expected = TestFiles.lines("EndToEndTests/Fixtures/seeds.prom")
        let (pages, log) = try await providers.serve { address in
            let directory = try TemporaryDirectory()
            let file = try directory.file("config.yml", Self.configuration(address))
            let exporter = try await ExporterProcess.start(["--config.file=\(file)"])
            try await exporter.ready()
            // Why a campaign stands still is asked after six intervals, of one campaign in twenty requests.
            let states = { (lines: [String]) in lines.count { $0.hasPrefix("outreach_campaign_sending_state") } }
            _ = try await exporter.page { states($0.data) == states(expected) }
            let openMetrics = (name: "Accept", value: "application/openmetrics-text; version=1.0.0")
            let pages = [
                try MetricsPage(try await exporter.get("/metrics")),
                try MetricsPage(try await exporter.get("/metrics", headers: [openMetrics])),
            ]
            return (pages, exporter.program.lines)
        }
        for page in pages {
            let shown = page.data
            #expect(shown.filter { !expected.contains($0) } == [], "not expected")
            #expect(expected.filter { !shown.contains($0) } == [], "missing; the log: \(log)")
            #expect(shown == expected)
        }
        #expect(Set(providers.requests.map { $0.header("user-agent") ?? "" }) == ["outreach-exporter/0.1.0"])
    }

    @Test("every family of the catalogue that comes from a provider has a number to show")
    func catalogue() throws {
        let row = /^\| `(outreach_(?:campaign|step|mailbox|domain)_[a-z_]+)`/
        let families = TestFiles.lines("../docs/metrics.md").compactMap { $0.firstMatch(of: row)?.output.1 }
        let shown = Set(TestFiles.lines("EndToEndTests/Fixtures/seeds.prom").map { $0.prefix { $0 != "{" } })
        #expect(families.count > 60)
        #expect(families.filter { !shown.contains($0) } == [])
    }
}
