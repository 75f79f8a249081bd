// SPDX-License-Identifier: Apache-2.0

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
