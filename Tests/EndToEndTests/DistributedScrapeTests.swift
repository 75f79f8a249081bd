// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import TestSupport
import Testing

/// Scrapes of parts of the page.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct DistributedScrapeTests {
    /// The configuration of docs/operations.md for one of two servers.
    private func configuration(of server: Int, discovering url: String) -> String {
        """
        - job_name: outreach
          honor_labels: true
          http_sd_configs: [{ url: "\(url)/sd" }]
          relabel_configs:
            - source_labels: [__param_account]
              modulus: 2
              target_label: __tmp_server
              action: hashmod
            - source_labels: [__tmp_server, __param_self]
              regex: "\(server);|.*;1"
              action: keep
        """
    }

    @Test("Two real Prometheus servers that share the targets together hold every series of an account exactly once")
    func servers() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        let before = try await ofAccounts(exporter)
        var servers: [PrometheusServer] = []
        for server in 0..<2 {
            servers.append(try await PrometheusServer.start(with: configuration(of: server, discovering: exporter.url)))
        }
        try await scrapeEverything(servers, targets: Set(before.compactMap(\.account)).count + 2)
        var held: [[String: String]] = []
        var own = 0
        for prometheus in servers {
            let series = try await prometheus.query(#"{account!="", __name__=~"outreach_.+"}"#) { _ in true }
            held += series.map(\.labels).filter { !"\($0["__name__"] ?? ""){".isOfStandstill }
            own += try await prometheus.query("outreach_exporter_build_info") { _ in true }.count
            #expect(prometheus.complaints == [])
        }
        #expect(held.allSatisfy { $0["exported_account"] == nil })
        #expect(Set(held).count == held.count)
        // The first request of a kind, at any moment, adds its durations and its status.
        let after = try await ofAccounts(exporter)
        #expect(held.count >= before.count && held.count <= after.count)
        #expect(own == 2, "each server has the exporter's own metrics")
    }

    /// The samples of accounts, but for those that last as long as a campaign stands still.
    private func ofAccounts(_ exporter: ExporterProcess) async throws -> [String] {
        try await lines(of: exporter, "/metrics", "text/plain").filter { $0.account != nil && !$0.isOfStandstill }
    }

    /// Waits until the servers have scraped so many targets together.
    private func scrapeEverything(_ servers: [PrometheusServer], targets: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < deadline {
            var up = 0
            for server in servers { up += try await server.query("up == 1") { _ in true }.count }
            if up == targets { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("not every target was scraped")
    }

    @Test("A selected page has the accounts' lines of the full page, in every format; what does not exist is 404")
    func selection() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        for accept in ["text/plain", "application/openmetrics-text"] {
            let full = try await lines(of: exporter, "/metrics", accept)
            let account = try #require(full.lazy.compactMap(\.account).first)
            let one = try await lines(of: exporter, "/metrics?account=\(account)", accept)
            #expect(one.filter(\.isData) == full.filter { $0.isData && $0.account == account })
            #expect(one.allSatisfy { $0.hasPrefix("#") || $0.account == account })
            let rest = try await lines(of: exporter, "/metrics?self=1", accept)
            #expect(rest.contains { $0.hasPrefix("outreach_exporter_build_info") })
            #expect(rest.allSatisfy { $0.account == nil })
            #expect((rest.last == "# EOF") == (accept != "text/plain"))
        }
        let missing = try await exporter.get("/metrics?account=nobody")
        #expect(missing.status == 404)
        #expect(String(decoding: missing.body, as: UTF8.self).contains("There are "))
    }

    private func lines(of exporter: ExporterProcess, _ path: String, _ accept: String) async throws -> [String] {
        let response = try await exporter.get(path, headers: [("Accept", accept)])
        #expect(response.status == 200)
        return String(decoding: response.body, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension String {
    /// The account of a sample.
    fileprivate var account: String? {
        guard !hasPrefix("#"), let start = firstRange(of: "account=\"")?.upperBound else { return nil }
        return String(self[start...].prefix { $0 != "\"" })
    }

    /// Whether it is a sample from a provider.
    fileprivate var isData: Bool { MetricsPage.isData(self) }
}
