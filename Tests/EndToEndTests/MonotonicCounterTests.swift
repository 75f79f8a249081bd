// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct MonotonicCounterTests {
    @Test("A real Prometheus sees no counter fall, though they do and the exporter is killed meanwhile")
    func episode() async throws {
        let simulator = try await SimulatorProcess.start(campaigns: 2, speed: 3600)
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", simulator.configuration)
        let port = freePort()
        let arguments = [
            "--config.file=\(file)", "--storage.path=\(directory.path)/storage",
            "--web.listen-address=127.0.0.1:\(port)",
        ]
        var exporter = try await ExporterProcess.start(arguments)
        try await exporter.ready()
        let prometheus = try await PrometheusServer.start(scraping: "http://127.0.0.1:\(port)")
        try await prometheus.scrapes(3)
        try await simulator.set(speed: 0)
        try await Self.expectTruth(exporter, configuration: arguments[0])
        try await prometheus.scrapes(3)
        try await simulator.set(faults: ["counters-fall"])
        try await prometheus.scrapes(3)
        try await Self.expectEveryCounterHeld(exporter, configuration: arguments[0])
        try await simulator.set(speed: 3600)
        try await prometheus.scrapes(3)
        _ = await exporter.stop(SIGKILL)
        exporter = try await ExporterProcess.start(arguments)
        try await prometheus.scrapes(3)
        try await simulator.set(faults: [])
        try await simulator.set(speed: 0)
        try await prometheus.scrapes(4)

        let shown = Counters(try await exporter.get("/metrics").body)
        #expect(shown.count > 100)
        try await prometheus.expectNoFall(of: shown)
        let held = #"sum(max_over_time(outreach_collection_corrections_total{action="held"}[1h]))"#
        let corrections = try await prometheus.query(held)
        #expect((corrections.first?.value ?? 0) > 0)
        // It began with the truth and ends with no more: what it rose by in between are true events.
        let truth = try await Counters.ofProviders(configuration: arguments[0])
        #expect(shown.filter { $0.value > truth[$0.key] ?? 0 } == [:])
    }

    /// Waits until the counters of campaigns and steps are those of the providers: some requests are older than the moment
    /// at which the world stopped.
    private static func expectTruth(_ exporter: ExporterProcess, configuration: String) async throws {
        let truth = try await Counters.ofProviders(configuration: configuration)
        while try await !Counters(exporter.get("/metrics").body).allSatisfy({ series, value in
            series.hasPrefix("outreach_mailbox_") || value == truth[series]
        }) {
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// In a world that stands still, every counter of three or more fell at the provider, and none on the page.
    ///
    /// But for those of mailboxes, which are asked for once in a quarter of an hour: they are older than the fall. A step whose
    /// variants are unknown is the sum of two, neither of which falls below three.
    private static func expectEveryCounterHeld(_ exporter: ExporterProcess, configuration: String) async throws {
        let told = try await Counters.ofProviders(configuration: configuration)
        let shown = Counters(try await exporter.get("/metrics").body)
        let large = shown.ofCampaigns.filter { $0.value >= ($0.key.contains(#"variant="unknown""#) ? 5 : 3) }
        #expect(large.count > 100)
        #expect(large.filter { $0.value <= told[$0.key] ?? .infinity } == [:])
    }
}
