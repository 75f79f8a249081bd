// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

@Suite struct CounterGuardTests {
    @Test("A real Prometheus sees no counter fall, though they do and the exporter is killed meanwhile")
    func episode() async throws {
        let simulator = try await SimulatorProgram.start(speed: 3600)
        let directory = try TemporaryDirectory()
        let file = try directory.file("config.yml", simulator.configuration)
        let port = freePort()
        let arguments = [
            "--config.file=\(file)", "--storage.path=\(directory.path)/storage",
            "--web.listen-address=127.0.0.1:\(port)",
        ]
        var exporter = try await Exporter.start(arguments)
        try await exporter.ready()
        let prometheus = try await PrometheusServer.start(scraping: "http://127.0.0.1:\(port)")
        try await Self.scrapes(3, more: prometheus)
        try await simulator.setFaults(["counters-fall"])
        try await Self.scrapes(3, more: prometheus)
        _ = await exporter.stop(SIGKILL)
        exporter = try await Exporter.start(arguments)
        try await Self.scrapes(3, more: prometheus)
        try await simulator.setFaults([])
        try await simulator.setSpeed(0)
        try await Self.scrapes(4, more: prometheus)

        let shown = Counters(try await exporter.get("/metrics").body)
        #expect(shown.count > 100)
        for family in Set(shown.keys.map { $0.prefix { $0 != "{" } }).sorted() {
            let resets = try await prometheus.query("sum(resets(\(family)[5m]))")
            #expect(resets.map(\.value) == [0], "\(family)")
            // Without a reset `increase()` is what the counter rose by, stretched to the window by an interval at most.
            let rise = "(max_over_time(\(family)[5m]) - min_over_time(\(family)[5m]))"
            let beyond = try await prometheus.query("max(increase(\(family)[5m]) - 1.5 * \(rise))")
            #expect((beyond.first?.value ?? 1) <= 0, "\(family)")
        }
        let held = #"sum(max_over_time(outreach_collection_corrections_total{action="held"}[5m]))"#
        let corrections = try await prometheus.query(held)
        #expect((corrections.first?.value ?? 0) > 0)

        let stranger = try await Exporter.start([arguments[0]])
        try await stranger.ready()
        let truth = Counters(try await stranger.get("/metrics").body)
        #expect(shown.filter { $0.value > truth[$0.key] ?? 0 } == [:])
    }

    /// Waits for so many more good scrapes.
    private static func scrapes(_ count: Double, more prometheus: PrometheusServer) async throws {
        let good = #"sum_over_time(up{job="outreach"}[5m])"#
        let before = try await prometheus.query(good) { _ in true }.first?.value ?? 0
        _ = try await prometheus.query(good) { ($0.first?.value ?? 0) >= before + count }
    }
}
