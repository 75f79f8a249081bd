// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

/// The parameters that a handshake negotiates, with OpenSSL as the client.
@Suite(.timeLimit(.minutes(30))) struct TLSSettingsTests {
    private static let certificates = Result {
        let certificates = try Certificates()
        try certificates.makeRSA("rsa")
        return certificates
    }

    /// GnuTLS's names of the versions, and OpenSSL's option for each.
    private static let versions: [(version: TLSVersion, name: String, option: String)] = [
        (.tls10, "tls1.0", "-tls1"), (.tls11, "tls1.1", "-tls1_1"), (.tls12, "tls1.2", "-tls1_2"),
        (.tls13, "tls1.3", "-tls1_3"),
    ]
    /// Which versions the system disables for every program, as Ubuntu does.
    private static let policy = (try? String(contentsOfFile: "/etc/gnutls/config", encoding: .utf8)) ?? ""

    @Test(
        "speaks the versions between the lowest and the highest, and no other",
        arguments: [
            TLSVersion.tls12...TLSVersion.tls13, .tls13 ... .tls13, .tls12 ... .tls12, .tls10 ... .tls11,
            .tls10 ... .tls13,
        ]
    )
    func versions(range: ClosedRange<TLSVersion>) async throws {
        var settings = try TLSSettings(try Self.certificates.get())
        settings.versions = range
        let versions = Self.versions.map { version, name, option in
            (version, option, isOffered: range.contains(version) && !Self.policy.contains("disabled-version = \(name)"))
        }
        let offered = versions.filter(\.isOffered)
        do {
            try await serving(settings) { address in
                for (version, option, isOffered) in versions {
                    let isSpoken = try Self.handshake(address, [option]) != nil
                    #expect(isSpoken == isOffered, "\(version)")
                }
            }
        } catch TLSError.priorities {
            #expect(offered.isEmpty)
        }
    }

    @Test(
        "allows the cipher suites that are listed, and no other",
        arguments: [
            ("server", .ecdheECDSAAES128GCM, "ECDHE-ECDSA-AES128-GCM-SHA256"),
            ("server", .ecdheECDSAAES256GCM, "ECDHE-ECDSA-AES256-GCM-SHA384"),
            ("server", .ecdheECDSAChaCha20, "ECDHE-ECDSA-CHACHA20-POLY1305"),
            ("server", .ecdheECDSAAES128CBC, "ECDHE-ECDSA-AES128-SHA"),
            ("server", .ecdheECDSAAES256CBC, "ECDHE-ECDSA-AES256-SHA"),
            ("rsa", .ecdheRSAAES128GCM, "ECDHE-RSA-AES128-GCM-SHA256"),
            ("rsa", .ecdheRSAAES256GCM, "ECDHE-RSA-AES256-GCM-SHA384"),
            ("rsa", .ecdheRSAChaCha20, "ECDHE-RSA-CHACHA20-POLY1305"),
            ("rsa", .ecdheRSAAES128CBC, "ECDHE-RSA-AES128-SHA"),
            ("rsa", .ecdheRSAAES256CBC, "ECDHE-RSA-AES256-SHA"),
            ("rsa", .rsaAES128GCM, "AES128-GCM-SHA256"),
            ("rsa", .rsaAES256GCM, "AES256-GCM-SHA384"),
            ("rsa", .rsaAES128CBC, "AES128-SHA"),
            ("rsa", .rsaAES256CBC, "AES256-SHA"),
        ] as [(String, TLSCipherSuite, String)]
    )
    func suites(certificate: String, suite: TLSCipherSuite, name: String) async throws {
        var settings = try TLSSettings(try Self.certificates.get(), certificate)
        settings.cipherSuites = [suite]
        settings.versions = .tls12 ... .tls12
        try await serving(settings) { address in
            let any = try Self.handshake(address, ["-cipher", "ALL"])
            #expect(any?.contains("Cipher is \(name)\n") == true)
            let others = try Self.handshake(address, ["-cipher", "ALL:!\(name)"])
            #expect(others == nil)
        }
    }

    @Test("allows no plain RSA and prefers AES-128 where no suites are listed", arguments: ["-tls1_2", "-tls1_3"])
    func usual(version: String) async throws {
        try await serving(try TLSSettings(try Self.certificates.get(), "rsa")) { address in
            let ciphers = ["-cipher", "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"]
            let any = try Self.handshake(address, [version] + ciphers)
            #expect(any?.contains(/Cipher is [A-Z_-]+AES_?128.GCM/) == true)
            #expect(try Self.handshake(address, ["-tls1_2", "-cipher", "kRSA"]) == nil)
        }
    }

    @Test(
        "allows the suites of TLS 1.3 that are listed, and no other",
        arguments: [TLSCipherSuite.tls13AES128GCM, .tls13AES256GCM, .tls13ChaCha20]
    )
    func newerSuites(suite: TLSCipherSuite) async throws {
        let all = [TLSCipherSuite.tls13AES128GCM, .tls13AES256GCM, .tls13ChaCha20].map(\.rawValue)
        var settings = try TLSSettings(try Self.certificates.get())
        settings.cipherSuites = [suite]
        try await serving(settings) { address in
            let others = all.filter { $0 != suite.rawValue }.joined(separator: ":")
            let any = try Self.handshake(address, ["-tls1_3", "-ciphersuites", all.joined(separator: ":")])
            #expect(any?.contains("Cipher is \(suite.rawValue)\n") == true)
            #expect(try Self.handshake(address, ["-tls1_3", "-ciphersuites", others]) == nil)
        }
    }

    @Test(
        "exchanges keys on the curves that are listed, and no other",
        arguments: [(TLSCurve.p256, "P-256"), (.p384, "P-384"), (.p521, "P-521"), (.x25519, "X25519")],
        ["-tls1_2", "-tls1_3"]
    )
    func curves(curve: (curve: TLSCurve, name: String), version: String) async throws {
        let others = ["P-256", "P-384", "P-521", "X25519"].filter { $0 != curve.name }.joined(separator: ":")
        // Curves are of the key exchange alone: an RSA certificate needs none.
        var settings = try TLSSettings(try Self.certificates.get(), "rsa")
        settings.curves = [curve.curve]
        settings.cipherSuites = [.ecdheRSAAES128GCM, .tls13AES128GCM]
        try await serving(settings) { address in
            let any = try Self.handshake(address, [version, "-groups", "\(others):\(curve.name)"])
            #expect(any != nil)
            let other = try Self.handshake(address, [version, "-groups", others])
            #expect(other == nil)
        }
    }

    @Test("the server's order of suites holds, or the client's", arguments: [true, false])
    func order(prefersServerOrder: Bool) async throws {
        var settings = try TLSSettings(try Self.certificates.get())
        settings.cipherSuites = [.ecdheECDSAAES256GCM, .ecdheECDSAAES128GCM]
        settings.prefersServerOrder = prefersServerOrder
        try await serving(settings) { address in
            let client = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
            let output = try Self.handshake(address, ["-tls1_2", "-cipher", client])
            let expected = prefersServerOrder ? "AES256" : "AES128"
            #expect(output?.contains("Cipher is ECDHE-ECDSA-\(expected)") == true)
        }
    }

    /// OpenSSL's output for a handshake and a request; `nil` if they failed.
    private static func handshake(_ address: ListenAddress, _ options: [String]) throws -> String? {
        // OpenSSL itself refuses the old versions and suites on its usual level of security.
        let client = ["openssl", "s_client", "-connect", "\(address)", "-ign_eof"]
        let level = options.contains("-cipher") ? [] : ["-cipher", "ALL:@SECLEVEL=0"]
        let request = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        let output = try runCommand(client + level + options, input: request).output
        return output.contains("HTTP/1.1 200") ? output : nil
    }
}
