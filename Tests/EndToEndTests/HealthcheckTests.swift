// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// `outreach-exporter healthcheck` beside the running program.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct HealthcheckTests {
    /// bcrypt of "secret", cost 4.
    private static let users =
        "basic_auth_users: { alice: $2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe }"

    private static let certificates = "cert_file: server.pem, key_file: server.key"

    /// What stands between a probe and its answer.
    static let locks: [(name: String, web: String, flags: [String], says: String)] = [
        ("nothing", "", [], "healthy: "),
        ("a password", users, [], "healthy: "),
        ("a password for probes", users, ["--web.authenticate-probes"], "asks for a password"),
        ("a rate limit", "rate_limit: { interval: 1h, burst: 1 }", [], "healthy: "),
        ("a limit for probes", "rate_limit: { interval: 1h, burst: 1 }", ["--web.authenticate-probes"], "healthy: "),
        ("TLS and a password", "{ tls_server_config: { \(certificates) }, \(users) }", [], "healthy: "),
        (
            "a client certificate",
            "tls_server_config: { \(certificates), client_auth_type: RequireAndVerifyClientCert, client_ca_file: server.pem }",
            [], "asks for a client certificate"
        ),
        (
            "a client certificate with TLS 1.2",
            "tls_server_config: { \(certificates), client_auth_type: RequireAnyClientCert, max_version: TLS12 }", [],
            "asks for a client certificate"
        ),
        ("a prefix", "", ["--web.external-url=https://monitor.example/outreach"], "healthy: "),
    ]

    @Test("passes whatever locks the exporter, over TCP and a socket file", arguments: locks.indices)
    func passes(row: Int) async throws {
        let (name, web, flags, words) = Self.locks[row]
        let folder = try TemporaryDirectory()
        try await WebConfigurationReloadTests.certificate("server", in: folder)
        let file = try folder.file("web.yml", web)
        let socket = "unix://\(folder.path)/metrics.sock"
        let same = ["--web.config.file=\(file)", "--simulator.seed=2"] + flags
        let exporter = try await ExporterProcess.start(["demo", "--web.listen-address=\(socket)"] + same)
        for address in [String(exporter.url.dropFirst("http://".count)), socket] {
            let check = try ChildProcess(
                ExporterProcess.path,
                ["healthcheck", "--web.listen-address=\(address)"] + same
            )
            #expect(await check.end() == 0, "\(name)")
            #expect(check.lines.count == 1 && check.lines[0].contains(words), "\(name): \(check.lines)")
        }
        await exporter.expectStop()
        let late = try ChildProcess(ExporterProcess.path, ["healthcheck", "--web.listen-address=\(socket)"] + same)
        await late.expectEnd(1)
        #expect(late.lines.last?.contains("not healthy: \(socket): ") == true)
    }

    @Test("probes need no password unless they are locked", arguments: [false, true])
    func probes(areLocked: Bool) async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.file("web.yml", Self.users)
        let flags = ["demo", "--web.config.file=\(file)"] + (areLocked ? ["--web.authenticate-probes"] : [])
        let exporter = try await ExporterProcess.start(flags)
        #expect(try await exporter.get("/-/healthy").status == (areLocked ? 401 : 200))
        #expect([200, 503].contains(try await exporter.get("/-/ready").status) == !areLocked)
        for path in ["/", "/metrics", "/-/reload", "/-/healthy/", "/-/healthy/../../metrics"] {
            #expect(try await exporter.get(path).status == 401)
        }
    }
}
