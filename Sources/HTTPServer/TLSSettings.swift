// SPDX-License-Identifier: Apache-2.0

/// What a server encrypts with, and whom it lets in.
package struct TLSSettings: Sendable {
    /// The certificate and those that lead to its authority, in PEM.
    package var certificate: [UInt8]
    /// The certificate's private key, in PEM, not encrypted.
    package var key: [UInt8]
    /// The authorities of clients' certificates, in PEM; `nil` trusts those of the system.
    package var clientAuthorities: [UInt8]?
    /// What is asked of clients' certificates.
    package var clientCertificates = ClientCertificates.none
    /// The names of which a client's certificate must bear one: DNS names, IP and e-mail addresses, URIs; empty for any.
    package var clientNames: [String] = []
    /// The versions of the protocol.
    package var versions = TLSVersion.tls12...TLSVersion.tls13
    /// The cipher suites in order of preference.
    package var cipherSuites = TLSCipherSuite.usual
    /// The curves in order of preference; empty for GnuTLS's choice.
    package var curves: [TLSCurve] = []
    /// Whether the server's order of ciphers holds, not the client's.
    package var prefersServerOrder = true

    /// Describes a server that has this certificate.
    package init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }

    /// The priority string that says to GnuTLS what is allowed.
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

    /// The versions for which at least one suite is left.
    private var allowedVersions: [TLSVersion] {
        TLSVersion.allCases.filter(versions.contains).filter { version in
            cipherSuites.contains { version == .tls13 ? $0.isAEAD : !$0.isTLS13 }
        }
    }

    /// Each word once, in order, as GnuTLS adds them.
    private func added(_ words: [String]) -> [String] {
        words.enumerated().filter { words.firstIndex(of: $1) == $0 }.map { "+\($1)" }
    }
}

/// A version of the protocol, by the names of Prometheus's exporter-toolkit; the later one is the greater.
package enum TLSVersion: String, CaseIterable, Comparable, Sendable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"

    package static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }

    /// The word for it in a GnuTLS priority string.
    var priority: String {
        switch self {
        case .tls10: "VERS-TLS1.0"
        case .tls11: "VERS-TLS1.1"
        case .tls12: "VERS-TLS1.2"
        case .tls13: "VERS-TLS1.3"
        }
    }
}

/// A curve for the key exchange, by Go's name for it.
package enum TLSCurve: String, CaseIterable, Sendable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"

    /// The word for it in a GnuTLS priority string.
    var priority: String {
        switch self {
        case .p256: "GROUP-SECP256R1"
        case .p384: "GROUP-SECP384R1"
        case .p521: "GROUP-SECP521R1"
        case .x25519: "GROUP-X25519"
        }
    }
}

/// A cipher suite, by Go's name for it: the ones that Go counts as secure, and plain RSA, which it did until 1.22.
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

    /// What is allowed where no list is given, as with Go: all but plain RSA; AES-128 comes first, as it is the quickest.
    ///
    /// What was sent under plain RSA can be read by whoever gets at the server's key later.
    package static let usual = allCases.filter { $0.keyExchange != "RSA" }

    /// Whether only TLS 1.3 knows it.
    var isTLS13: Bool { !rawValue.contains("_WITH_") }

    /// The key exchange in a GnuTLS priority string; `nil` with TLS 1.3, which settles it apart.
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

    /// The integrity check in a GnuTLS priority string.
    var mac: String { isAEAD ? "AEAD" : "SHA1" }

    /// Whether cipher and integrity check are one, as TLS 1.3 has it.
    var isAEAD: Bool { !rawValue.contains("CBC") }
}

extension [TLSCipherSuite] {
    /// What GnuTLS would allow besides: it combines every key exchange of the list with every cipher of it.
    package var allowedBesides: [TLSCipherSuite] {
        let exchanges = Set(compactMap(\.keyExchange))
        let ciphers = Set(map(\.cipher))
        return TLSCipherSuite.allCases.filter { suite in
            guard let exchange = suite.keyExchange else { return false }
            return exchanges.contains(exchange) && ciphers.contains(suite.cipher) && !contains(suite)
        }
    }
}

/// What is asked of clients' certificates, by the names of Prometheus's exporter-toolkit.
package enum ClientCertificates: String, CaseIterable, Sendable {
    /// None is asked for.
    case none = "NoClientCert"
    /// One is asked for, none is needed, and nothing about it is verified.
    case requested = "RequestClientCert"
    /// One is needed, and nothing about it is verified.
    case required = "RequireAnyClientCert"
    /// None is needed, but one that is sent must be good.
    case verifiedIfGiven = "VerifyClientCertIfGiven"
    /// A good one is needed.
    case requiredAndVerified = "RequireAndVerifyClientCert"

    /// Whether a certificate must be signed by one of the authorities.
    var isVerified: Bool { self == .verifiedIfGiven || self == .requiredAndVerified }

    /// Whether a client without a certificate is turned away.
    var isRequired: Bool { self == .required || self == .requiredAndVerified }
}
