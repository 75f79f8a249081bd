// SPDX-License-Identifier: Apache-2.0

/// Certificate, accepted clients, and protocol parameters of a TLS server.
package struct TLSSettings: Sendable {
    /// The certificate chain, the server's own first, in PEM.
    package var certificate: [UInt8]
    /// The certificate's private key, in PEM, unencrypted.
    package var key: [UInt8]
    /// The certificate authorities for clients' certificates, in PEM; `nil` trusts the system's.
    package var clientAuthorities: [UInt8]?
    package var clientCertificates = ClientCertificates.none
    /// Subject alternative names of which a client's certificate must have one: DNS names, IP and e-mail addresses, URIs;
    /// empty allows any.
    package var clientNames: [String] = []
    package var versions = TLSVersion.tls12...TLSVersion.tls13
    /// The allowed cipher suites in order of preference.
    package var cipherSuites = TLSCipherSuite.defaults
    /// The allowed curves in order of preference; empty for GnuTLS's defaults.
    package var curves: [TLSCurve] = []
    /// Whether the server's order of cipher suites wins over the client's.
    package var prefersServerOrder = true

    package init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }

    /// GnuTLS's priority string: everything removed, then what is allowed added.
    var priorities: String {
        var words = ["NORMAL", "-VERS-ALL"]
        words += allowedVersions.reversed().map { "+\($0.priority)" }
        words += ["-KX-ALL"] + added(cipherSuites.compactMap(\.keyExchange))
        words += ["-CIPHER-ALL"] + added(cipherSuites.map(\.cipher))
        words += ["-MAC-ALL"] + added(cipherSuites.map(\.mac))
        if !curves.isEmpty { words += ["-GROUP-ALL"] + added(curves.map(\.priority)) }
        if prefersServerOrder { words.append("%SERVER_PRECEDENCE") }
        return words.joined(separator: ":")
    }

    /// The versions that at least one cipher suite belongs to.
    private var allowedVersions: [TLSVersion] {
        TLSVersion.allCases.filter(versions.contains).filter { version in
            cipherSuites.contains { version == .tls13 ? $0.isAEAD : !$0.isTLS13 }
        }
    }

    /// `+` and each distinct word, in order.
    private func added(_ words: [String]) -> [String] {
        words.enumerated().filter { words.firstIndex(of: $1) == $0 }.map { "+\($1)" }
    }
}

/// A TLS version, by its name in Prometheus's exporter-toolkit; a later version is greater.
package enum TLSVersion: String, CaseIterable, Comparable, Sendable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"

    package static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }

    /// Its name in a GnuTLS priority string.
    var priority: String { "VERS-TLS1.\(rawValue.suffix(1))" }
}

/// A key exchange curve, by its name in Go's crypto/tls.
package enum TLSCurve: String, CaseIterable, Sendable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"

    /// Its name in a GnuTLS priority string.
    var priority: String { self == .x25519 ? "GROUP-X25519" : "GROUP-SECP\(rawValue.suffix(3))R1" }
}

/// A cipher suite, by its name in Go's crypto/tls: those that Go rates as secure, and RSA key exchange, which Go allowed by
/// default before 1.22.
package enum TLSCipherSuite: String, CaseIterable, Sendable {
    case ecdheECDSAAES128GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case ecdheECDSAAES256GCM = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case ecdheECDSAChaCha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    case ecdheECDSAAES128CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    case ecdheECDSAAES256CBC = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    case ecdheRSAAES128GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case ecdheRSAAES256GCM = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case ecdheRSAChaCha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case ecdheRSAAES128CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    case ecdheRSAAES256CBC = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
    case rsaAES128GCM = "TLS_RSA_WITH_AES_128_GCM_SHA256"
    case rsaAES256GCM = "TLS_RSA_WITH_AES_256_GCM_SHA384"
    case rsaAES128CBC = "TLS_RSA_WITH_AES_128_CBC_SHA"
    case rsaAES256CBC = "TLS_RSA_WITH_AES_256_CBC_SHA"
    case tls13AES128GCM = "TLS_AES_128_GCM_SHA256"
    case tls13AES256GCM = "TLS_AES_256_GCM_SHA384"
    case tls13ChaCha20 = "TLS_CHACHA20_POLY1305_SHA256"

    /// The suites that are allowed by default, as in Go: all but RSA key exchange, which has no forward secrecy; AES-128, the
    /// fastest, first.
    package static let defaults = allCases.filter { $0.keyExchange != "RSA" }

    /// Whether it belongs to TLS 1.3, and only to it.
    var isTLS13: Bool { !rawValue.contains("_WITH_") }

    /// The key exchange in a GnuTLS priority string; `nil` for TLS 1.3, whose suites do not include it.
    var keyExchange: String? {
        if isTLS13 { return nil }
        if rawValue.hasPrefix("TLS_RSA") { return "RSA" }
        return rawValue.hasPrefix("TLS_ECDHE_RSA") ? "ECDHE-RSA" : "ECDHE-ECDSA"
    }

    /// The cipher in a GnuTLS priority string.
    var cipher: String {
        if rawValue.contains("CHACHA20") { return "CHACHA20-POLY1305" }
        return (rawValue.contains("AES_128") ? "AES-128" : "AES-256") + (isAEAD ? "-GCM" : "-CBC")
    }

    /// The message authentication code in a GnuTLS priority string.
    var mac: String { isAEAD ? "AEAD" : "SHA1" }

    /// Whether it uses authenticated encryption, as all of TLS 1.3 does.
    var isAEAD: Bool { !rawValue.contains("CBC") }
}

extension [TLSCipherSuite] {
    /// The further suites that GnuTLS would allow: it combines each key exchange of the list with each cipher of it.
    package var impliedSuites: [TLSCipherSuite] {
        let exchanges = Set(compactMap(\.keyExchange))
        let ciphers = Set(map(\.cipher))
        return TLSCipherSuite.allCases.filter { suite in
            guard let exchange = suite.keyExchange else { return false }
            return exchanges.contains(exchange) && ciphers.contains(suite.cipher) && !contains(suite)
        }
    }
}

/// The policy for clients' certificates, by its name in Prometheus's exporter-toolkit.
package enum ClientCertificates: String, CaseIterable, Sendable {
    /// Not requested.
    case none = "NoClientCert"
    /// Requested, optional, not verified.
    case requested = "RequestClientCert"
    /// Required, not verified.
    case required = "RequireAnyClientCert"
    /// Optional, verified if sent.
    case verifiedIfGiven = "VerifyClientCertIfGiven"
    /// Required and verified.
    case requiredAndVerified = "RequireAndVerifyClientCert"

    /// Whether a certificate must be signed by a trusted authority.
    var isVerified: Bool { self == .verifiedIfGiven || self == .requiredAndVerified }

    /// Whether the handshake fails without a certificate.
    package var isRequired: Bool { self == .required || self == .requiredAndVerified }
}
