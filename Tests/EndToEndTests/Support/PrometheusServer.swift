// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// A real Prometheus that scrapes one target every second.
struct PrometheusServer {
    private let program: ChildProcess
    private let directory: TemporaryDirectory
    private let url: String

    /// What a query answers: the labels and the value of each series.
    typealias Vector = [(labels: [String: String], value: Double)]

    /// Starts Debian's Prometheus, on the data that it finds in the folder given to `prepare`, and waits until it is
    /// ready.
    static func start(
        scraping target: String,
        prepare: (_ data: String) async throws -> Void = { _ in }
    ) async throws -> PrometheusServer {
        let target = target.dropFirst("http://".count)
        let job = "- { job_name: outreach, static_configs: [{ targets: [\"\(target)\"] }] }"
        return try await start(with: job, prepare: prepare)
    }

    /// Starts it with scrape configurations of one's own: a list in YAML.
    static func start(
        with scrapeConfigurations: String,
        prepare: (_ data: String) async throws -> Void = { _ in }
    ) async throws -> PrometheusServer {
        let directory = try TemporaryDirectory()
        try await prepare("\(directory.path)/data")
        let configuration = try directory.file(
            "prometheus.yml",
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
            \(scrapeConfigurations)
            """
        )
        let port = freePort()
        let program = try ChildProcess(
            "/usr/bin/prometheus",
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(directory.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--storage.tsdb.retention.time=10y",
            ]
        )
        _ = try #require(
            await program.line { $0.contains("Server is ready to receive web requests") },
            "Prometheus did not start: \(program.lines)"
        )
        return PrometheusServer(program: program, directory: directory, url: "http://127.0.0.1:\(port)")
    }

    /// Everything in its log that is not routine.
    var complaints: [String] {
        program.lines.filter { $0.contains("level=warn") || $0.contains("level=error") }
    }

    /// Asks until the answer is acceptable; an outside process offers no event to wait for.
    func query(_ expression: String, until accepts: (Vector) -> Bool = { !$0.isEmpty }) async throws -> Vector {
        let deadline = ContinuousClock.now + .seconds(300)
        while true {
            let answer = try await query(once: expression)
            if accepts(answer) || ContinuousClock.now > deadline { return answer }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits for so many more good scrapes.
    func scrapes(_ count: Double) async throws {
        let good = #"sum_over_time(up{job="outreach"}[1h])"#
        let before = try await query(good) { _ in true }.first?.value ?? 0
        _ = try await query(good) { ($0.first?.value ?? 0) >= before + count }
    }

    /// Expects that it saw none of these counters fall in the last hour, and none rise by more than it did.
    func expectNoFall(of counters: Counters) async throws {
        for family in Set(counters.keys.map { $0.prefix { $0 != "{" } }).sorted() {
            let resets = try await query("sum(resets(\(family)[1h]))")
            #expect(resets.map(\.value) == [0], "\(family)")
            // Without a reset `increase()` is what the counter rose by, stretched to the window by an interval at most.
            let rise = "(max_over_time(\(family)[1h]) - min_over_time(\(family)[1h]))"
            let beyond = try await query("max(increase(\(family)[1h]) - 1.5 * \(rise))")
            #expect((beyond.first?.value ?? 1) <= 0, "\(family)")
        }
    }

    private func query(once expression: String) async throws -> Vector {
        var components = try #require(URLComponents(string: url + "/api/v1/query"))
        components.queryItems = [URLQueryItem(name: "query", value: expression)]
        let query = try #require(components.url?.absoluteString.replacingOccurrences(of: "+", with: "%2B"))
        let response = try await Client.send(HTTPRequest(url: query))
        let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
        return answer.data.result.map { ($0.metric, $0.value.number) }
    }

    private struct Answer: Decodable {
        let data: Result

        struct Result: Decodable { let result: [Series] }
        struct Series: Decodable {
            let metric: [String: String]
            let value: Sample
        }
        struct Sample: Decodable {
            let number: Double

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                _ = try values.decode(Double.self)
                number = Double(try values.decode(String.self)) ?? .nan
            }
        }
    }
}
