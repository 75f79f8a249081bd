// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import HTTPServer

extension WebReader {
    /// Reads how connections are encrypted; `nil` where no key asks for it, or after problems were noted.
    mutating func tls(_ field: Field) -> TLSSettings? {
        guard let fields = field.fields(of: WebKeys.TLS.self) else { return nil }
        let policy = fields[.clientCertificates].flatMap(clientCertificates) ?? .none
        let rest = rules(fields)
        guard Self.askingForTLS.contains(where: { fields[$0] != nil }) else { return nil }
        checkPresence(fields)
        if policy == .none, let pointless = Self.needingPolicy.lazy.compactMap({ fields[$0] }).first {
            pointless.complain("it needs a client_auth_type other than NoClientCert")
        }
        let certificate = content(fields[.certificate], orFile: fields[.certificateFile])
        let key = content(fields[.key], orFile: fields[.keyFile])
        let authorities = content(fields[.clientAuthorities], orFile: fields[.clientAuthoritiesFile])
        guard let certificate, let key else { return nil }
        keyFile = fields[.keyFile]?.text().map(resolved) ?? file
        var settings = rest
        (settings.certificate, settings.key, settings.clientAuthorities) = (certificate, key, authorities)
        settings.clientCertificates = policy
        check(settings, fields)
        return settings
    }

    private static let needingPolicy: [WebKeys.TLS] = [.clientAuthorities, .clientAuthoritiesFile, .clientNames]

    private static let askingForTLS: [WebKeys.TLS] =
        [.certificate, .certificateFile, .key, .keyFile, .clientCertificates] + needingPolicy

    private func checkPresence(_ fields: Fields<WebKeys.TLS>) {
        if fields[.certificate] == nil && fields[.certificateFile] == nil {
            fields.complain("the certificate is missing: set cert_file or cert")
        }
        if fields[.key] == nil && fields[.keyFile] == nil {
            fields.complain("the private key is missing: set key_file or key")
        }
    }

    /// Everything but certificates and keys.
    private func rules(_ fields: Fields<WebKeys.TLS>) -> TLSSettings {
        var settings = TLSSettings(certificate: [], key: [])
        settings.clientNames = (fields[.clientNames]?.list() ?? []).compactMap { $0.text() }
        settings.prefersServerOrder = fields[.prefersServerOrder]?.flag() ?? true
        settings.curves = (fields[.curves]?.list() ?? []).compactMap(word)
        let suites: [TLSCipherSuite] = (fields[.cipherSuites]?.list() ?? []).compactMap(word)
        if !suites.isEmpty { settings.cipherSuites = suites }
        let lowest: TLSVersion = fields[.lowestVersion].flatMap(word) ?? .tls12
        let highest: TLSVersion = fields[.highestVersion].flatMap(word) ?? .tls13
        if lowest > highest {
            fields[.lowestVersion]?.complain("it is above max_version: no client could connect")
        } else {
            settings.versions = lowest...highest
        }
        return settings
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(_ field: Field) -> Word? {
        field.word(among: Word.allCases.map(\.rawValue)).flatMap { Word(rawValue: $0) }
    }

    private func clientCertificates(_ field: Field) -> ClientCertificates? {
        // The older name, which the exporter-toolkit goes on to accept.
        let older = "RequireClientCert"
        let words = ClientCertificates.allCases.map(\.rawValue) + [older]
        return field.word(among: words).flatMap { $0 == older ? .required : ClientCertificates(rawValue: $0) }
    }

    /// Has GnuTLS try the settings, and puts what it says to where it belongs.
    private func check(_ settings: TLSSettings, _ fields: Fields<WebKeys.TLS>) {
        let besides = settings.cipherSuites.allowedBesides.map(\.rawValue)
        if !besides.isEmpty {
            let all = besides.joined(separator: ", ")
            fields[.cipherSuites]?.complain("GnuTLS cannot allow these without \(all): list them too, or list fewer")
        }
        do throws(TLSError) {
            _ = try TLSContext(settings)
        } catch {
            complain(error, fields)
        }
    }

    private func complain(_ error: TLSError, _ fields: Fields<WebKeys.TLS>) {
        switch error {
        case .certificate(let reason):
            (fields[.certificateFile] ?? fields[.certificate])?.complain("it cannot be used with this key: \(reason)")
        case .clientAuthorities(let reason):
            let field = fields[.clientAuthoritiesFile] ?? fields[.clientAuthorities] ?? fields[.clientCertificates]
            field?.complain("the authorities cannot be used: \(reason)")
        case .priorities(let reason):
            fields.complain("versions, cipher suites and curves do not fit together: \(reason)")
        case .memory: fields.complain("there is too little memory")
        }
    }
}
