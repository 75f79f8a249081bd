// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Synchronization
import Testing

@testable import WebConfig

/// Reloading when the web configuration file, or a file that it names, changes.
@Suite(.timeLimit(.minutes(30))) struct WebConfigurationTests {
    private static let hash = "$2y$05$" + "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde"

    /// A configuration, and whether each reload succeeded.
    private struct Watched {
        let folder: TemporaryFolder
        let web: WebConfiguration
        let reports = Reports()

        /// The settings after a check of the files.
        var settings: WebSettings {
            web.checkFiles()
            return web.settings
        }

        init(_ text: String) throws {
            folder = try TemporaryFolder()
            let file = try folder.write("web.yml", text)
            web = try WebConfiguration(file: file) { [reports] result in
                reports.all.withLock { $0.append((try? result.get()) != nil) }
            }
        }
    }

    private final class Reports: Sendable {
        let all = Mutex<[Bool]>([])
    }

    @Test("a new file is read when asked; a broken one keeps the old in force")
    func reload() throws {
        let watched = try Watched("basic_auth_users: { alice: \(Self.hash) }")
        _ = try watched.folder.write("web.yml", "basic_auth_users: { alice: \(Self.hash), bob: \(Self.hash) }")
        #expect(watched.web.reload() == nil)
        _ = try watched.folder.write("web.yml", "basic_auth_users: nobody")
        #expect(watched.web.reload() != nil)
        #expect(watched.web.settings.users.keys.sorted() == ["alice", "bob"])
        let file = try watched.folder.write(
            "web.yml",
            "tls_server_config: { cert_file: server.pem, key_file: server.key }"
        )
        #expect(watched.web.reload() == .needsRestart(file: file))
        #expect(watched.reports.all.withLock { $0 } == [true, false, false])
    }

    @Test(
        "a file that loses its last lock is an error, and the lock stays",
        arguments: [
            "", "basic_auth_users:", "basic_auth_users: {}", "basic_auth_users:\n  alice:",
            "http_server_config: { http2: false }",
        ]
    )
    func lastLock(text: String) throws {
        let watched = try Watched("basic_auth_users: { alice: \(Self.hash) }")
        let file = try watched.folder.write("web.yml", text)
        #expect(watched.settings.users.keys.sorted() == ["alice"])
        let error = watched.web.reload()
        if !text.contains("users") { #expect(error == .opensLastLock(file: file)) }
        #expect(error != nil && watched.settings.users.keys.sorted() == ["alice"])
        _ = try watched.folder.write("web.yml", "basic_auth_users: { bob: \(Self.hash) }")
        #expect(watched.web.reload() == nil)
    }

    @Test("a password may take the place of a client certificate, but nothing may not")
    func otherLock() throws {
        let pair = "cert_file: server.pem, key_file: server.key"
        let watched = try Watched(
            "tls_server_config: { \(pair), client_auth_type: RequireAndVerifyClientCert, client_ca_file: other.pem }"
        )
        _ = try watched.folder.write(
            "web.yml",
            "tls_server_config: { \(pair), client_auth_type: VerifyClientCertIfGiven }"
        )
        #expect(watched.web.reload() != nil && watched.settings.isLocked)
        _ = try watched.folder.write(
            "web.yml",
            "{ tls_server_config: { \(pair) }, basic_auth_users: { bob: \(Self.hash) } }"
        )
        #expect(watched.web.reload() == nil && watched.settings.isLocked)
    }

    @Test("the next request follows a changed file, and a broken one is reported once")
    func watching() throws {
        let watched = try Watched("basic_auth_users: { alice: \(Self.hash) }")
        for _ in 0..<3 { #expect(watched.settings.users.keys.sorted() == ["alice"]) }
        _ = try watched.folder.write("web.yml", "basic_auth_users: { bob: \(Self.hash) }")
        for _ in 0..<3 { #expect(watched.settings.users.keys.sorted() == ["bob"]) }
        _ = try watched.folder.write("web.yml", "basic_auth_users: { carol: \(Self.hash), }: [")
        for _ in 0..<3 { #expect(watched.settings.users.keys.sorted() == ["bob"]) }
        try FileManager.default.removeItem(atPath: "\(watched.folder.path)/web.yml")
        for _ in 0..<3 { #expect(watched.settings.users.keys.sorted() == ["bob"]) }
        _ = try watched.folder.write("web.yml", "basic_auth_users: { carol: \(Self.hash) }")
        for _ in 0..<3 { #expect(watched.settings.users.keys.sorted() == ["carol"]) }
        #expect(watched.reports.all.withLock { $0 } == [true, false, false, true])
    }

    @Test("the next handshake has the certificate that replaced another, once its key is there too")
    func certificates() throws {
        let watched = try Watched("tls_server_config: { cert_file: server.pem, key_file: server.key }")
        let first = try #require(watched.settings.tls)
        #expect(watched.settings.tls === first)
        let (folder, certificate) = (watched.folder, try watched.folder.read("other.pem"))
        _ = try folder.write("server.pem", certificate)
        #expect(watched.settings.tls === first, "a certificate without its key is of no use")
        _ = try folder.write("server.key", folder.read("other.key"))
        #expect(watched.settings.tls !== first)
        #expect(watched.settings.tls?.settings.certificate == Array(certificate.utf8))
        #expect(watched.reports.all.withLock { $0 } == [false, true])
    }

    @Test("knows the file with the private key, be it the configuration itself")
    func keyFile() throws {
        let watched = try Watched("tls_server_config: { cert_file: server.pem, key_file: server.key }")
        #expect(watched.settings.keyFile == "\(watched.folder.path)/server.key")
        let key = try watched.folder.read("server.key")
        let text = "tls_server_config:\n  cert_file: server.pem\n  key: |\n    " + key.replacing("\n", with: "\n    ")
        let file = try watched.folder.write("web.yml", text)
        #expect(watched.settings.keyFile == file)
        #expect(try Watched("basic_auth_users: { alice: \(Self.hash) }").web.settings.keyFile == nil)
    }
}
