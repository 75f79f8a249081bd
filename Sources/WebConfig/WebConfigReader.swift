// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import HTTPServer

/// Reads web settings out of a file's tree and out of the files that it names.
///
/// Whatever is wrong is noted in `reader`; what is returned then must not be used.
struct WebConfigReader {
    /// Where problems are noted.
    let reader: ConfigDecoder
    /// The web configuration file, from whose folder relative paths start.
    let file: String
    /// The files that were read, as they were just before.
    private(set) var stamps: [String: FileStamp] = [:]
    /// The file that holds the private key.
    var keyFile: String?

    init(reader: ConfigDecoder, file: String) {
        self.reader = reader
        self.file = file
    }

    /// Reads everything.
    mutating func settings(from root: ConfigValue) -> WebSettings {
        let fields = root.fields(of: WebKeys.Root.self)
        let http = fields?[.http]?.fields(of: WebKeys.HTTP.self)
        _ = http?[.http2]?.flag()
        var settings = WebSettings()
        settings.tls = fields?[.tls].flatMap { tls($0) }
        settings.keyFile = keyFile
        settings.headers = (http?[.headers]?.entries() ?? []).compactMap(header)
        settings.users = users(fields?[.users]?.entries() ?? [])
        settings.rateLimit = fields?[.rateLimit].flatMap(rateLimit)
        return settings
    }

    /// The content that stands under one key, or in the file that another one names.
    mutating func content(_ inline: ConfigValue?, orFile file: ConfigValue?) -> [UInt8]? {
        if inline != nil, let file {
            file.diagnose("\(inline?.name ?? "") is set as well: keep one of them")
            return nil
        }
        if let text = inline?.text() { return Array(text.utf8) }
        guard let file, let resolved = file.text().map(resolved) else { return nil }
        stamps[resolved] = FileStamp(of: resolved)
        do throws(FileError) {
            return try FileContent.read(resolved, upTo: 1 << 20)
        } catch {
            file.diagnose("\(error)")
            return nil
        }
    }

    /// A path from the file as seen from the working directory.
    func resolved(_ path: String) -> String {
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return path.hasPrefix("/") ? path : folder + path
    }

    private func users(_ fields: [ConfigValue]) -> [String: PasswordHash] {
        var users: [String: PasswordHash] = [:]
        for field in fields {
            guard let text = field.text() else { continue }
            users[field.name] = PasswordHash(text)
            if users[field.name] == nil {
                field.diagnose("this is no bcrypt hash: make one with `htpasswd -nBC 10 \"\"`, without its colon")
            }
        }
        return users
    }

    private func header(_ field: ConfigValue) -> (name: String, value: String)? {
        guard let allowed = Self.headers[field.name] else {
            field.diagnoseUnknownKey(among: Self.headers.keys.sorted())
            return nil
        }
        guard let value = allowed.isEmpty ? field.value("visible text", Self.visible) : field.word(among: allowed)
        else { return nil }
        return (field.name, value)
    }

    /// The header fields that can be set, with their values where there is a choice of some.
    private static let headers = [
        "Strict-Transport-Security": [], "X-Content-Type-Options": ["nosniff"],
        "X-Frame-Options": ["deny", "sameorigin"], "X-XSS-Protection": [], "Content-Security-Policy": [],
    ]

    private static func visible(_ text: String) -> String? {
        text.utf8.allSatisfy { 0x20...0x7E ~= $0 } ? text : nil
    }

    private func rateLimit(_ field: ConfigValue) -> RateLimit? {
        let fields = field.fields(of: WebKeys.RateLimit.self)
        let interval = fields?[.interval]?.duration(in: .zero ... .seconds(86_400)) ?? .zero
        let burst = fields?[.burst]?.integer(in: 0...1_000_000) ?? 0
        guard interval > .zero else { return nil }
        if burst == 0 { fields?.diagnose("burst is missing: without one no request would be answered") }
        return RateLimit(interval: interval, burst: burst)
    }
}

extension WebConfigReader {
    /// Reads how connections are encrypted; `nil` where no key asks for it, or after problems were noted.
    mutating func tls(_ field: ConfigValue) -> TLSSettings? {
        guard let fields = field.fields(of: WebKeys.TLS.self) else { return nil }
        let policy = fields[.clientCertificates].flatMap(clientCertificates) ?? .none
        let rest = rules(fields)
        guard Self.askingForTLS.contains(where: { fields[$0] != nil }) else { return nil }
        checkPresence(fields)
        if policy == .none, let pointless = Self.needingPolicy.lazy.compactMap({ fields[$0] }).first {
            pointless.diagnose("it needs a client_auth_type other than NoClientCert")
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

    private func checkPresence(_ fields: ConfigMapping<WebKeys.TLS>) {
        if fields[.certificate] == nil && fields[.certificateFile] == nil {
            fields.diagnose("the certificate is missing: set cert_file or cert")
        }
        if fields[.key] == nil && fields[.keyFile] == nil {
            fields.diagnose("the private key is missing: set key_file or key")
        }
    }

    /// Everything but certificates and keys.
    private func rules(_ fields: ConfigMapping<WebKeys.TLS>) -> TLSSettings {
        var settings = TLSSettings(certificate: [], key: [])
        settings.clientNames = (fields[.clientNames]?.list() ?? []).compactMap { $0.text() }
        settings.prefersServerOrder = fields[.prefersServerOrder]?.flag() ?? true
        settings.curves = (fields[.curves]?.list() ?? []).compactMap(word)
        let suites: [TLSCipherSuite] = (fields[.cipherSuites]?.list() ?? []).compactMap(word)
        if !suites.isEmpty { settings.cipherSuites = suites }
        let lowest: TLSVersion = fields[.lowestVersion].flatMap(word) ?? .tls12
        let highest: TLSVersion = fields[.highestVersion].flatMap(word) ?? .tls13
        if lowest > highest {
            fields[.lowestVersion]?.diagnose("it is above max_version: no client could connect")
        } else {
            settings.versions = lowest...highest
        }
        return settings
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(_ field: ConfigValue) -> Word? {
        field.word(among: Word.allCases.map(\.rawValue)).flatMap { Word(rawValue: $0) }
    }

    private func clientCertificates(_ field: ConfigValue) -> ClientCertificates? {
        // The older name, which the exporter-toolkit goes on to accept.
        let older = "RequireClientCert"
        let words = ClientCertificates.allCases.map(\.rawValue) + [older]
        return field.word(among: words).flatMap { $0 == older ? .required : ClientCertificates(rawValue: $0) }
    }

    /// Has GnuTLS try the settings, and puts what it says to where it belongs.
    private func check(_ settings: TLSSettings, _ fields: ConfigMapping<WebKeys.TLS>) {
        let besides = settings.cipherSuites.allowedBesides.map(\.rawValue)
        if !besides.isEmpty {
            let all = besides.joined(separator: ", ")
            fields[.cipherSuites]?.diagnose("GnuTLS cannot allow these without \(all): list them too, or list fewer")
        }
        do throws(TLSError) {
            _ = try TLSContext(settings)
        } catch {
            diagnose(error, fields)
        }
    }

    private func diagnose(_ error: TLSError, _ fields: ConfigMapping<WebKeys.TLS>) {
        switch error {
        case .certificate(let reason):
            (fields[.certificateFile] ?? fields[.certificate])?.diagnose("it cannot be used with this key: \(reason)")
        case .clientAuthorities(let reason):
            let field = fields[.clientAuthoritiesFile] ?? fields[.clientAuthorities] ?? fields[.clientCertificates]
            field?.diagnose("the authorities cannot be used: \(reason)")
        case .priorities(let reason):
            fields.diagnose("versions, cipher suites and curves do not fit together: \(reason)")
        case .memory: fields.diagnose("there is too little memory")
        }
    }
}

/// One reading of a web configuration file and of the files that it names.
struct WebReading {
    /// The settings, or everything that is wrong with them.
    let result: Result<WebSettings, WebSettingsError>
    /// The files as they were just before they were read.
    let stamps: [String: FileStamp]

    /// Reads a file.
    init(of file: String) {
        var stamps = [file: FileStamp(of: file)]
        result = Result { () throws(WebSettingsError) in
            let reader = ConfigDecoder(environment: nil)
            var web = WebConfigReader(reader: reader, file: file)
            defer { stamps.merge(web.stamps) { first, _ in first } }
            let content = try Self.content(of: file)
            do throws(Diagnostics) {
                let settings = web.settings(from: reader.root(try YAMLNode(parsing: content)))
                try reader.finish()
                return settings
            } catch {
                throw .invalid(file: file, error)
            }
        }
        self.stamps = stamps
    }

    private static func content(of file: String) throws(WebSettingsError) -> [UInt8] {
        do throws(FileError) {
            return try FileContent.read(file, upTo: YAMLLimits().bytes)
        } catch {
            throw .unreadable(error)
        }
    }
}

/// The keys of a web configuration file.
enum WebKeys {
    enum Root: String, CaseIterable {
        case tls = "tls_server_config"
        case http = "http_server_config"
        case users = "basic_auth_users"
        case rateLimit = "rate_limit"
    }

    enum TLS: String, CaseIterable {
        case certificate = "cert"
        case certificateFile = "cert_file"
        case key
        case keyFile = "key_file"
        case clientCertificates = "client_auth_type"
        case clientAuthorities = "client_ca"
        case clientAuthoritiesFile = "client_ca_file"
        case clientNames = "client_allowed_sans"
        case lowestVersion = "min_version"
        case highestVersion = "max_version"
        case cipherSuites = "cipher_suites"
        case curves = "curve_preferences"
        case prefersServerOrder = "prefer_server_cipher_suites"
    }

    enum HTTP: String, CaseIterable {
        case http2, headers
    }

    enum RateLimit: String, CaseIterable {
        case interval, burst
    }
}
