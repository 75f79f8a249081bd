// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(10))) struct PrometheusTests {
    @Test("a real Prometheus takes every sample, without a warning, and joins names")
    func scrape() async throws {
        let exporter = try await ExporterProcess.start(["demo", "--simulator.speed=0"])
        try await exporter.ready()
        let prometheus = try await PrometheusServer.start(scraping: exporter.url)

        let up = try await prometheus.query("up") { $0.first?.value == 1 }
        #expect(up.map(\.value) == [1])
        let difference = "scrape_samples_scraped - on () outreach_exporter_series"
        #expect(try await prometheus.query(difference).map(\.value) == [0])
        let added = "scrape_samples_post_metric_relabeling - scrape_samples_scraped"
        #expect(try await prometheus.query(added).map(\.value) == [0])

        let joined = try await prometheus.query(
            """
            outreach_campaign_messages_sent_total
              * on (provider, account, campaign) group_left (name) outreach_campaign_info
            """
        )
        #expect(joined.count > 30)
        #expect(joined.allSatisfy { $0.labels["name"]?.isEmpty == false })
        #expect(prometheus.complaints == [])
    }
}
