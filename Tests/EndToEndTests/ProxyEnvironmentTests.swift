// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

/// Proxies of the environment, which see unencrypted requests with their keys.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct ProxyEnvironmentTests {
    /// Hosts that the configuration accepts for plain HTTP without `allow_plain_http`.
    private static let loopback = ["localhost", "api.localhost", "API.LOCALHOST", "127.1", "[::ffff:127.0.0.1]"]

    @Test("no request to this machine reaches the proxy; one to another machine does")
    func loopback() async throws {
        let simulator = try await SimulatorProcess.start()
        let port = try #require(simulator.url.split(separator: ":").last)
        let requests = Mutex<[String]>([])
        let record: @Sendable (Request) -> Response = { request in
            requests.withLock { $0.append(request.header("host") ?? "") }
            return .text("not here", status: 502)
        }
        try await withServer(record) { proxy in
            let local = Self.loopback.map { host in
                "{name: '\(host)', provider: sendkit, api_key: sk_key, base_url: 'http://\(host):\(port)/sendkit'}"
            }
            let remote =
                "{name: remote, provider: sendkit, api_key: k, base_url: 'http://api.example', allow_plain_http: true}"
            let directory = try TemporaryDirectory()
            let file = try directory.file("config.yml", "accounts: [\((local + [remote]).joined(separator: ", "))]")
            let variables = ["http_proxy", "HTTP_PROXY", "all_proxy"].map { ($0, proxy) }
            let exporter = try await ExporterProcess.start(
                ["--config.file=\(file)"],
                environment: Dictionary(uniqueKeysWithValues: variables)
            )
            _ = try await exporter.page { page in
                page.value("outreach_collection_failures_total", "remote") ?? 0 > 0
                    && Self.loopback.allSatisfy { page.value("outreach_account_up", $0) == 1 }
            }
        }
        #expect(requests.withLock { Set($0) } == ["api.example"])
    }

    @Test("a key that is in every URL never goes over plain HTTP, which a proxy would see")
    func keyInURL() async throws {
        let directory = try TemporaryDirectory()
        let url = "base_url: 'http://api.example', allow_plain_http: true"
        let account = "{name: s, provider: smartlead, api_key: k, \(url)}"
        let file = try directory.file("config.yml", "accounts: [\(account)]")
        let check = try ChildProcess(ExporterProcess.path, ["--config.check", "--config.file=\(file)"])
        await check.expectEnd(1)
        #expect(check.lines.contains { $0.contains("smartlead has the key in every URL") })
    }
}
