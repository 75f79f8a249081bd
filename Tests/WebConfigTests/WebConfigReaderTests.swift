// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import WebConfig

/// The accepted files are those that Prometheus's exporter-toolkit accepts, as checked by `promtool`.
@Suite(.timeLimit(.minutes(30))) struct WebConfigReaderTests {
    private static let folder = Result {
        let folder = try TemporaryFolder()
        for kind in ["pem", "key"] {
            let text = try folder.read("server.\(kind)")
            _ = try folder.write("crlf.\(kind)", text.replacing("\n", with: "\r\n"))
            _ = try folder.write("mark.\(kind)", "\u{FEFF}" + text)
            _ = try folder.write("text.\(kind)", "subject=server\n" + text)
        }
        return folder
    }

    private static func load(_ text: String) throws -> Result<WebSettings, WebSettingsError> {
        WebConfigReader.read(try folder.get().write("\(UUID().uuidString).yml", text)).result
    }

    private static let pair = "cert_file: server.pem, key_file: server.key"
    private static let hash = "$2y$05$" + "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde"

    /// Every suite that Debian's promtool knows and GnuTLS has.
    private static let suites = TLSCipherSuite.allCases.map(\.rawValue).joined(separator: ", ")

    static let good =
        [
            "",
            "null",
            "# nothing",
            "tls_server_config: { min_version: TLS12 }",
            "tls_server_config: { \(pair) }",
            "tls_server_config: { \(pair), min_version: TLS10, max_version: TLS12 }",
            "tls_server_config: { \(pair), client_auth_type: NoClientCert }",
            "tls_server_config: { \(pair), client_auth_type: RequestClientCert }",
            "tls_server_config: { \(pair), client_auth_type: RequireClientCert }",
            "tls_server_config: { \(pair), client_auth_type: RequireAnyClientCert }",
            "tls_server_config: { \(pair), client_auth_type: VerifyClientCertIfGiven, client_ca_file: other.pem }",
            "tls_server_config: { \(pair), client_auth_type: RequireAndVerifyClientCert, client_ca_file: other.pem }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA], max_version: TLS12 }",
            "tls_server_config: { \(pair), curve_preferences: [X25519, CurveP256, CurveP384, CurveP521] }",
            "tls_server_config: { \(pair), cipher_suites: [\(suites)] }",
            "tls_server_config: { \(pair), cipher_suites: [], curve_preferences: [] }",
            "tls_server_config: { \(pair), prefer_server_cipher_suites: false }",
            "tls_server_config: { \(pair), prefer_server_cipher_suites: true }",
            "tls_server_config: { \(pair), min_version: TLS11, max_version: TLS13 }",
            "tls_server_config: { \(pair), client_auth_type: RequestClientCert, client_ca_file: other.pem }",
            "tls_server_config: { \(pair), client_auth_type: RequireAnyClientCert, client_ca_file: other.pem }",
            "tls_server_config: { \(pair), client_auth_type: RequireAndVerifyClientCert }",
            "http_server_config: { http2: false }",
            "http_server_config: { http2: true }",
            "http_server_config: { headers: { X-Frame-Options: sameorigin, X-Content-Type-Options: nosniff } }",
            "http_server_config: { headers: { Strict-Transport-Security: max-age=60, X-XSS-Protection: 1 } }",
            "http_server_config: { headers: { Content-Security-Policy: \"default-src 'self'\" } }",
            "basic_auth_users: { alice: \(hash) }",
            "basic_auth_users: { alice: \(hash), bob: $2a$\(hash.dropFirst(4)), carol: $2b$\(hash.dropFirst(4)) }",
            "basic_auth_users: { alice: \(hash), Alice: \(hash), '': \(hash), 7: \(hash), true: \(hash) }",
            "basic_auth_users: { \"<<\": \(hash) }",
            "basic_auth_users: &users { alice: \(hash) }",
            "---\nbasic_auth_users: { alice: '\(hash)' }\n...\n",
            "\u{FEFF}%YAML 1.1\n---\nbasic_auth_users: { alice: \(hash) }",
            "tls_server_config: { \(pair), client_auth_type: '' }",
            "tls_server_config: { cert_file: crlf.pem, key_file: crlf.key }",
            "tls_server_config: { cert_file: text.pem, key_file: server.key }",
        ] + booleans.map { "http_server_config: { http2: \($0) }" }

    private static let booleans = [
        "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y",
        "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N",
    ]

    static let bad =
        [
            "- junk",
            "tls_server_confg: {}",
            "tls_server_config: { cert_files: server.pem }",
            "tls_server_config: { cert_file: server.pem }",
            "tls_server_config: { key_file: server.key }",
            "tls_server_config: { cert_file: absent.pem, key_file: server.key }",
            "tls_server_config: { cert_file: server.pem, key_file: absent.key }",
            "tls_server_config: { cert_file: server.pem, key_file: other.key }",
            "tls_server_config: { cert_file: server.key, key_file: server.pem }",
            "tls_server_config: { \(pair), client_auth_type: Whatever }",
            "tls_server_config: { client_auth_type: RequireAndVerifyClientCert }",
            "tls_server_config: { \(pair), client_ca_file: other.pem }",
            "tls_server_config: { \(pair), client_ca_file: other.pem, client_auth_type: NoClientCert }",
            "tls_server_config: { \(pair), client_ca_file: absent.pem, client_auth_type: RequestClientCert }",
            "tls_server_config: { \(pair), min_version: TLS14 }",
            "tls_server_config: { \(pair), max_version: 1.2 }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_ECDHE_WITH_NOTHING] }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_RSA_WITH_3DES_EDE_CBC_SHA] }",
            "tls_server_config: { \(pair), curve_preferences: [CurveP257] }",
            "tls_server_config: { \(pair), curve_preferences: [X25519MLKEM768] }",
            "tls_server_config: { client_ca_file: other.pem }",
            "tls_server_config: { \(pair), prefer_server_cipher_suites: maybe }",
            "http_server_config: { http3: true }",
            "http_server_config: { headers: { X-Powered-By: Swift } }",
            "http_server_config: { headers: { x-frame-options: deny } }",
            "http_server_config: { headers: { X-Frame-Options: never } }",
            "http_server_config: { headers: { X-Frame-Options: DENY } }",
            "http_server_config: { headers: { X-Content-Type-Options: sniff } }",
            "basic_auth_users: { alice: plaintext }",
            "basic_auth_users: { alice: '' }",
            "basic_auth_users: { alice: $2y$03$\(hash.suffix(53)) }",
            "basic_auth_users: { alice: $2y$99$\(String(hash.suffix(53))) }",
            "basic_auth_users: { alice: \(hash), alice: \(hash) }",
            "basic_auth_users: { alice: }", "basic_auth_users:\n  alice:", "basic_auth_users: { alice: ~ }",
            "basic_auth_users: []", "basic_auth_users: alice", "basic_auth_users: ''",
            "basic_auth_users: { alice: [\(hash)] }",
            "basic_auth_users: { alice: *missing }", "basic_auth_users:\n\talice: \(hash)",
            "Basic_auth_users: { alice: \(hash) }",
            "[]", "''", "http_server_config: []", "http_server_config: ''", "http_server_config: { headers: [] }",
            "http_server_config: { headers: { X-Frame-Options: } }",
            "http_server_config: { headers: { X-Frame-Options: '' } }",
            "http_server_config: { http2: true, http2: false }",
            "tls_server_config: { \(pair), prefer_server_cipher_suites: 'true' }",
            "tls_server_config: { \(pair), client_auth_type: requestclientcert }",
            "tls_server_config: { \(pair), min_version: '' }",
            "tls_server_config: { cert_file: mark.pem, key_file: server.key }",
            "tls_server_config: { cert_file: server.pem, key_file: mark.key }",
        ] + ["\"false\"", "'true'", "\"\"", "tRUE", "1", "0", "maybe"].map { "http_server_config: { http2: \($0) }" }

    /// Newer versions of Go have no cipher suites without forward secrecy.
    private static let knowsStaticKeys = Result {
        try promtool("tls_server_config: { \(pair), cipher_suites: [TLS_RSA_WITH_AES_128_GCM_SHA256] }")
    }

    /// Whether promtool accepts a file, or would if its version of Go knew the cipher suites.
    private static func isAcceptable(_ text: String) throws -> Bool {
        try promtool(text) || text.contains("TLS_RSA_WITH") && !knowsStaticKeys.get()
    }

    /// What a client of Debian's promtool writes without knowing the newer keys.
    private static func promtool(_ text: String) throws -> Bool {
        let file = try folder.get().write("\(UUID().uuidString).yml", text)
        return try TemporaryFolder.run("/usr/bin/promtool", ["check", "web-config", file]) == 0
    }

    @Test("accepts what the exporter-toolkit accepts", arguments: good)
    func accepts(text: String) throws {
        #expect(throws: Never.self) { try Self.load(text).get() }
        #expect(try Self.isAcceptable(text))
    }

    @Test("refuses what the exporter-toolkit refuses", arguments: bad)
    func refuses(text: String) throws {
        #expect(throws: WebSettingsError.self) { try Self.load(text).get() }
        #expect(try !Self.promtool(text))
    }

    @Test("every key and every word of the format stands in a file that is accepted")
    func coverage() {
        let keys =
            WebConfigKeys.Root.allCases.map(\.rawValue) + WebConfigKeys.TLS.allCases.map(\.rawValue)
            + WebConfigKeys.HTTP.allCases.map(\.rawValue) + WebConfigKeys.RateLimit.allCases.map(\.rawValue)
        let words =
            ClientCertificates.allCases.map(\.rawValue) + TLSVersion.allCases.map(\.rawValue)
            + TLSCipherSuite.allCases.map(\.rawValue) + TLSCurve.allCases.map(\.rawValue)
        let accepted = (Self.good + [Self.newer("", "", "")]).joined(separator: "\n")
        #expect(keys.filter { !accepted.contains("\($0):") } == [])
        #expect(words.filter { !accepted.contains($0) } == [])
    }

    /// A file with the keys that Debian's promtool does not know yet.
    private static func newer(_ certificate: String, _ key: String, _ authority: String) -> String {
        """
        tls_server_config:
          cert: |
            \(certificate)
          key: |
            \(key)
          client_auth_type: RequireAndVerifyClientCert
          client_ca: |
            \(authority)
          client_allowed_sans: [prometheus.example, 10.0.0.1]
        rate_limit: { interval: 500ms, burst: 20 }
        """
    }

    @Test("accepts the newer keys: contents in line, allowed names, a rate limit")
    func newer() throws {
        let folder = try Self.folder.get().path
        let indented = { (name: String) in
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).replacing("\n", with: "\n    ")
        }
        let file = try Self.newer(indented("server.pem"), indented("server.key"), indented("other.pem"))
        let settings = try Self.load(file).get()
        #expect(settings.tls?.settings.clientNames == ["prometheus.example", "10.0.0.1"])
        #expect(settings.rateLimiter?.limit == RateLimit(interval: .milliseconds(500), burst: 20))
    }

    @Test(
        "refuses what the exporter-toolkit accepts though it cannot be meant, or GnuTLS cannot do it",
        arguments: [
            "tls_server_config: { \(pair), min_version: TLS13, max_version: TLS12 }",
            "tls_server_config: { cert_file: '', key_file: '' }",
            "tls_server_config: { \(pair), client_auth_type: RequestClientCert, client_ca_file: server.key }",
            "tls_server_config: { \(pair), cipher_suites: [TLS_RSA_WITH_AES_128_CBC_SHA, "
                + "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384] }",
            "basic_auth_users: { alice: \(hash) }\n---\nbasic_auth_users: { bob: \(hash) }",
            "{ basic_auth_users: { alice: \(hash) } }}",
            "basic_auth_users: { <<: { alice: \(hash) } }",
            "basic_auth_users: { alice: !!str \(hash) }", "http_server_config: { http2: !!bool true }",
            "basic_auth_users:", "basic_auth_users: {}", "basic_auth_users: ~", "tls_server_config:",
            "tls_server_config: {}", "http_server_config:", "http_server_config: {}",
            "http_server_config: { headers: }",
            "http_server_config: { headers: { Content-Security-Policy: } }", "http_server_config: { http2: }",
            "tls_server_config: { cert_file: , key_file: }", "tls_server_config: { \(pair), client_auth_type: }",
            "tls_server_config: { \(pair), client_auth_type: RequestClientCert, client_ca_file: }",
            "tls_server_config: { \(pair), client_auth_type: RequestClientCert, client_ca_file: mark.pem }",
            "tls_server_config: { \(pair), client_auth_type: NoClientCert, client_ca_file: '' }",
            "tls_server_config: { \(pair), cipher_suites: }", "tls_server_config: { \(pair), cipher_suites: [null] }",
            "tls_server_config: { \(pair), min_version: }",
            "basic_auth_users: { alice: $2x$\(hash.dropFirst(4)) }",
            "basic_auth_users: { alice: \(hash)tail }",
        ]
    )
    func stricter(text: String) throws {
        #expect(throws: WebSettingsError.self) { try Self.load(text).get() }
        #expect(try Self.isAcceptable(text))
    }

    @Test(
        "refuses the newer keys where they cannot be meant",
        arguments: [
            "tls_server_config: { \(pair), cert: text }",
            "tls_server_config: { \(pair), client_allowed_sans: [prometheus.example] }",
            "tls_server_config: { client_allowed_sans: [prometheus.example] }",
            "tls_server_config: { \(pair), client_auth_type: NoClientCert, client_allowed_sans: [a] }",
            "tls_server_config: { \(pair), client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: [] }",
            "rate_limit:", "rate_limit: {}", "rate_limit: { burst: 20 }",
            "rate_limit: { interval: 1s }",
            "rate_limit: { interval: fast, burst: 1 }",
        ]
    )
    func senseless(text: String) throws {
        #expect(throws: WebSettingsError.self) { try Self.load(text).get() }
    }

    @Test("tells everything at once, with its place, and no hash")
    func everything() throws {
        let file = try Self.folder.get().write(
            "wrong.yml",
            "basic_auth_users:\n  alice: $2y$tail\nhttp_server_config: { http2: perhaps }\ntls: {}\n"
        )
        let error = #expect(throws: WebSettingsError.self) { try WebConfigReader.read(file).result.get() }
        let lines = error.map { "\($0)".split(separator: "\n") } ?? []
        #expect(lines.map { $0.dropFirst(file.count).prefix(5) } == [":2:10", ":3:30", ":4:1:", ":4:6:"])
        #expect(!lines.joined().contains("tail"))
    }
}
