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
