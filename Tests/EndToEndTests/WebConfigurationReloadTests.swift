// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// Web configuration of the running program: TLS, passwords and changed files.
@Suite(.startsPrograms, .timeLimit(.minutes(30))) struct WebConfigurationReloadTests {
    /// bcrypt of "secret", cost 4.
    private static let hash = "$2b$04$O9J2WrntIUtVRgo/tTdbfOQvpdnlLbuIS6pxZSizgJoKrw5QZNDoe"

    @Test("over TLS with a password, a certificate that changes is served without a restart")
    func rotation() async throws {
        let folder = try TemporaryDirectory()
        try await Self.certificate("first", in: folder)
        let file = try folder.file(
            "web.yml",
            """
            tls_server_config: { cert_file: server.pem, key_file: server.key }
            basic_auth_users: { alice: \(Self.hash) }
            """
        )
        let exporter = try await ExporterProcess.start(["demo", "--web.config.file=\(file)"])
        let url = exporter.url.replacing("http://", with: "https://") + "/"
        #expect(try await Self.curl(url, ["-k"]).last == "401")
        #expect(try await Self.curl(url, ["-k", "-u", "alice:wrong"]).last == "401")
        #expect(try await Self.curl(url, ["-k", "-u", "alice:secret"]).last == "200")
        let trusting = ["--cacert", "\(folder.path)/server.pem", "-u", "alice:secret"]
        #expect(try await Self.curl(url, trusting).last == "200")

        try await Self.certificate("second", in: folder)
        while try await Self.curl(url, trusting).last != "200" { try await Task.sleep(for: .milliseconds(50)) }
        #expect(await exporter.program.line { $0.contains("web configuration read again") } != nil)
        await exporter.expectStop()
    }

    @Test("a web configuration that breaks shows in the metrics until it is mended, and once in the log")
    func breaking() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.file("web.yml", "http_server_config: { headers: { X-Frame-Options: deny } }")
        let exporter = try await ExporterProcess.start(["demo", "--web.config.file=\(file)"])
        let metric = "outreach_exporter_config_last_reload_successful"
        #expect(try await exporter.page { _ in true }.value(metric) == 1)
        _ = try folder.file("web.yml", "http_server_config: { headers: { X-Frame-Options: never } }")
        _ = try await exporter.page { $0.value(metric) == 0 }
        #expect(try await exporter.get("/").header("x-frame-options") == "deny")
        _ = try folder.file("web.yml", "http_server_config: { headers: { X-Frame-Options: sameorigin } }")
        _ = try await exporter.page { $0.value(metric) == 1 }
        #expect(try await exporter.get("/").header("x-frame-options") == "sameorigin")
        #expect(exporter.program.lines.filter { $0.contains("web configuration stays as it was") }.count == 1)
    }

    @Test("a reload says of each file whether it holds")
    func each() async throws {
        let folder = try TemporaryDirectory()
        let files = (try folder.file("config.yml", Self.accounts("a")), try folder.file("web.yml", ""))
        let exporter = try await ExporterProcess.start(["--config.file=\(files.0)", "--web.config.file=\(files.1)"])
        _ = try folder.file("config.yml", Self.accounts("b"))
        _ = try folder.file("web.yml", "nonsense: 1")
        let half = try await exporter.send("POST", "/-/reload")
        #expect(half.status == 500)
        let lines = String(decoding: half.body, as: UTF8.self).split(separator: "\n")
        #expect(lines.prefix(2) == ["The configuration was read again.", "The web configuration stays as it was:"])
        #expect(String(decoding: try await exporter.get("/sd").body, as: UTF8.self).contains("\"account\":\"b\""))
        _ = try folder.file("config.yml", "nonsense: 1")
        let none = String(decoding: try await exporter.send("POST", "/-/reload").body, as: UTF8.self)
        #expect(none.contains("The configuration stays as it was:\n") && none.contains("The web configuration stays"))
    }

    private static func accounts(_ name: String) -> String {
        "accounts: [{name: \(name), provider: sendkit, api_key: sk_key, base_url: 'http://127.0.0.1:9'}]"
    }

    @Test("warns of a key that every user of the machine can read, and says how to close the file")
    func openKeys() async throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        try await Self.certificate("first", in: folder)
        let files = [
            "closed": "sk_closed", "open": "sk_open",
            "web.yml": "tls_server_config: { cert_file: server.pem, key_file: server.key }",
            "config.yml": """
            accounts:
              - { name: a, provider: instantly, api_key_file: open, base_url: 'http://127.0.0.1:9' }
              - { name: b, provider: instantly, api_key_file: closed, base_url: 'http://127.0.0.1:9' }
              - { name: c, provider: instantly, api_key: sk_inline, base_url: 'http://127.0.0.1:9' }
            """,
        ]
        for (name, text) in files { _ = try folder.file(name, text) }
        let modes = ["closed": 0o640, "open": 0o644, "config.yml": 0o604, "server.key": 0o664, "server.pem": 0o644]
        for (name, mode) in modes {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: "\(folder.path)/\(name)")
        }
        let flags = ["--config.file=\(folder.path)/config.yml", "--web.config.file=\(folder.path)/web.yml"]
        let exporter = try await ExporterProcess.start(flags)
        let warnings = exporter.program.lines.filter { $0.contains("can read a key") }
        #expect(warnings.count == 3)
        for name in ["open", "config.yml", "server.key"] {
            #expect(warnings.contains { $0.contains("level=warn") && $0.contains("chmod o= \(folder.path)/\(name)\"") })
        }
        await exporter.expectStop()

        let check = try ChildProcess(ExporterProcess.path, ["--config.check"] + flags)
        await check.expectEnd(0)
        #expect(check.lines.filter { $0.contains("every user of this machine can read a key") }.count == 3)
    }

    @Test("a broken web configuration keeps it from starting, and says where")
    func broken() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.file("web.yml", "basic_auth_users: { alice: secret }")
        let program = try ChildProcess(ExporterProcess.path, ["demo", "--web.config.file=\(file)"])
        await program.expectEnd(1)
        #expect(await program.line { $0.contains("\(file):1:28: alice: this is no bcrypt hash") } != nil)
    }

    @Test("leaves no core dump, and raises the limit of open files")
    func limits() async throws {
        let exporter = try await ExporterProcess.start(["demo"])
        let limits = try String(contentsOfFile: "/proc/\(exporter.program.id)/limits", encoding: .utf8)
        let rows = limits.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.contains { $0.starts(with: ["Max", "core", "file", "size", "0", "0"]) })
        let files = try #require(rows.first { $0.starts(with: ["Max", "open", "files"]) })
        #expect(files[3] == files[4])
    }

    @Test("serves a socket file, IPv6 and IPv4 at once")
    func listeners() async throws {
        let folder = try TemporaryDirectory()
        let socket = "\(folder.path)/metrics.sock"
        let exporter = try await ExporterProcess.start([
            "demo", "--web.listen-address=unix://\(socket)?mode=600", "--web.listen-address=[::1]:0",
        ])
        _ = try #require(await exporter.program.line { $0.contains("address=127.0.0.1") })
        #expect(try await Self.curl("http://localhost/-/healthy", ["--unix-socket", socket]).last == "200")
        let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        await exporter.expectStop()
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test("sleeps while a client that has begun a handshake says no more, and cuts it in the end")
    func halfHandshake() async throws {
        let folder = try TemporaryDirectory()
        try await Self.certificate("first", in: folder)
        let web = try folder.file("web.yml", "tls_server_config: { cert_file: server.pem, key_file: server.key }")
        let account = "{ name: a, provider: instantly, api_key: k, base_url: 'http://127.0.0.1:9' }"
        let file = try folder.file("config.yml", "accounts: [\(account)]")
        let exporter = try await ExporterProcess.start(["--config.file=\(file)", "--web.config.file=\(web)"])
        let (start, used) = (ContinuousClock.now, try exporter.program.processorTime)
        let client = """
            import socket, sys
            client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            client.send(b"\\x16")
            try: client.recv(1)
            except ConnectionResetError: pass
            """
        let port = try #require(exporter.url.split(separator: ":").last)
        #expect(await (try ChildProcess(TestTools.python, ["-c", client, String(port)])).end() == 0)
        #expect(try exporter.program.processorTime - used < (ContinuousClock.now - start) / 10)
    }

    static func certificate(_ name: String, in folder: TemporaryDirectory) async throws {
        let openssl = try ChildProcess(
            "/usr/bin/env",
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
                + ["-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1"]
                + ["-keyout", "\(folder.path)/server.key", "-out", "\(folder.path)/server.pem"]
        )
        try #require(await openssl.end() == 0)
    }

    /// What curl prints: the status comes last.
    private static func curl(_ url: String, _ options: [String]) async throws -> [String] {
        let curl = try ChildProcess(
            "/usr/bin/env",
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\n"] + options + [url]
        )
        _ = await curl.line { _ in true }
        return curl.lines
    }
}
