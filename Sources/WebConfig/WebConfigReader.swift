// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import HTTPServer

/// Reads a web configuration file and the files that it names.
///
/// Mistakes are reported to `decoder`; if there are any, the values returned are unusable.
struct WebConfigReader {
    private let decoder = ConfigDecoder(environment: nil)
    /// The web configuration file, whose folder relative paths start from.
    private let file: String
    /// The stamps of the files that were read, each taken just before reading.
    private var stamps: [String: FileStamp]
    private var keyFile: String?

    /// Reads a file.
    ///
    /// - Returns: the settings or the error, and the stamps of all files that they depend on.
    static func read(_ file: String) -> (result: Result<WebSettings, WebSettingsError>, stamps: [String: FileStamp]) {
        var reader = WebConfigReader(file)
        let result = Result { () throws(WebSettingsError) in try reader.read() }
        return (result, reader.stamps)
    }

    private init(_ file: String) {
        self.file = file
        stamps = [file: FileStamp(of: file)]
    }

    private mutating func read() throws(WebSettingsError) -> WebSettings {
        let content = try Self.content(of: file)
        do throws(Diagnostics) {
            let settings = settings(from: decoder.root(try YAMLNode(parsing: content)))
            try decoder.finish()
            return settings
        } catch {
            throw .invalid(file: file, error)
        }
    }

    /// The bytes of a file of settings.
    ///
    /// - Throws: `unreadable`.
    static func content(of file: String) throws(WebSettingsError) -> [UInt8] {
        do throws(FileError) {
            return try FileContent.read(file, upTo: YAMLLimits().bytes)
        } catch {
            throw .unreadable(error)
        }
    }

    private mutating func settings(from root: ConfigValue) -> WebSettings {
        // A file that was cut off, or a template without its values, must not open a lock.
        root.diagnoseMissingValues()
        let fields = root.fields(of: WebConfigKeys.Root.self)
        let http = fields?[.http]?.fields(of: WebConfigKeys.HTTP.self)
        _ = http?[.http2].flatMap(flag)
        var settings = WebSettings()
        settings.tls = fields?[.tls].flatMap { tls($0) }
        settings.keyFile = keyFile
        settings.headers = (http?[.headers]?.entries() ?? []).compactMap(header)
        settings.users = users(fields?[.users]?.entries() ?? [])
        settings.rateLimiter = fields?[.rateLimit].flatMap(rateLimiter)
        return settings
    }

    /// The value of one key, or the content of the file that the other key names.
    private mutating func content(_ inline: ConfigValue?, orFile file: ConfigValue?) -> [UInt8]? {
        if inline != nil, let file {
            file.diagnose("\(inline?.name ?? "") is set as well: keep one of them")
            return nil
        }
        if let text = inline?.text() { return Array(text.utf8) }
        guard let file, let path = file.text()?.inFolder(of: self.file) else { return nil }
        stamps[path] = stamps[path] ?? FileStamp(of: path)
        do throws(FileError) {
            let content = try FileContent.read(path, upTo: 1 << 20)
            // Prometheus finds no PEM there, GnuTLS does.
            guard !content.starts(with: Array("\u{FEFF}-".utf8)) else {
                file.diagnose("\(path) begins with a byte order mark: save it without one")
                return nil
            }
            return content
        } catch {
            file.diagnose("\(error)")
            return nil
        }
    }

    /// A boolean of YAML 1.1, as Prometheus reads it: only without quotes.
    private func flag(_ field: ConfigValue) -> Bool? {
        field.value("true or false" + (field.node.isPlain ? "" : ": remove the quotes")) { text in
            guard field.node.isPlain else { return nil }
            return Self.booleans.first { $0.words.contains(text) }?.value
        }
    }

    private static let booleans = [
        (words: ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"], value: true),
        (words: ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"], value: false),
    ]

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

    /// The header fields that can be set, with their allowed values; an empty list allows any.
    private static let headers = [
        "Strict-Transport-Security": [], "X-Content-Type-Options": ["nosniff"],
        "X-Frame-Options": ["deny", "sameorigin"], "X-XSS-Protection": [], "Content-Security-Policy": [],
    ]

    private static func visible(_ text: String) -> String? {
        text.utf8.allSatisfy { 0x20...0x7E ~= $0 } ? text : nil
    }

    private func rateLimiter(_ field: ConfigValue) -> RequestRateLimiter? {
        let fields = field.fields(of: WebConfigKeys.RateLimit.self)
        if fields?[.interval] == nil { fields?.diagnose("interval is missing: set it, or remove rate_limit") }
        let interval = fields?[.interval]?.duration(in: .zero ... .seconds(86_400)) ?? .zero
        let burst = fields?[.burst]?.integer(in: 0...1_000_000) ?? 0
        guard interval > .zero else { return nil }
        if burst == 0 { fields?.diagnose("burst is missing: without one no request would be answered") }
        return RequestRateLimiter(RateLimit(interval: interval, burst: burst))
    }

    /// Reads `tls_server_config`; `nil` if no key turns TLS on, or after mistakes were reported.
    private mutating func tls(_ field: ConfigValue) -> TLSContext? {
        guard let fields = field.fields(of: WebConfigKeys.TLS.self) else { return nil }
        let policy = fields[.clientCertificates].flatMap(clientCertificates) ?? .none
        var settings = protocolSettings(fields)
        guard Self.keysEnablingTLS.contains(where: { fields[$0] != nil }) else { return nil }
        checkPresence(fields)
        if policy == .none, let unused = Self.keysNeedingPolicy.lazy.compactMap({ fields[$0] }).first {
            unused.diagnose("it needs a client_auth_type other than NoClientCert")
        }
        let certificate = content(fields[.certificate], orFile: fields[.certificateFile])
        let key = content(fields[.key], orFile: fields[.keyFile])
        let authorities = content(fields[.clientAuthorities], orFile: fields[.clientAuthoritiesFile])
        guard let certificate, let key else { return nil }
        keyFile = fields[.keyFile]?.text()?.inFolder(of: file) ?? file
        (settings.certificate, settings.key, settings.clientAuthorities) = (certificate, key, authorities)
        settings.clientCertificates = policy
        return context(settings, fields)
    }

    private static let keysNeedingPolicy: [WebConfigKeys.TLS] = [
        .clientAuthorities, .clientAuthoritiesFile, .clientNames,
    ]

    private static let keysEnablingTLS: [WebConfigKeys.TLS] =
        [.certificate, .certificateFile, .key, .keyFile, .clientCertificates] + keysNeedingPolicy

    private func checkPresence(_ fields: ConfigMapping<WebConfigKeys.TLS>) {
        if fields[.certificate] == nil && fields[.certificateFile] == nil {
            fields.diagnose("the certificate is missing: set cert_file or cert")
        }
        if fields[.key] == nil && fields[.keyFile] == nil {
            fields.diagnose("the private key is missing: set key_file or key")
        }
    }

    /// Reads everything but certificates and keys.
    private func protocolSettings(_ fields: ConfigMapping<WebConfigKeys.TLS>) -> TLSSettings {
        var settings = TLSSettings(certificate: [], key: [])
        settings.clientNames = (fields[.clientNames]?.list() ?? []).compactMap { $0.text() }
        if let names = fields[.clientNames], names.node.value == .sequence([]) {
            names.diagnose("an empty list would accept any name: remove the key if that is meant")
        }
        settings.prefersServerOrder = fields[.prefersServerOrder].flatMap(flag) ?? true
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
        // A deprecated name, which the exporter-toolkit still accepts.
        let deprecated = "RequireClientCert"
        // Empty is the exporter-toolkit's default.
        if field.node.value == .scalar("") { return ClientCertificates.none }
        let words = ClientCertificates.allCases.map(\.rawValue) + [deprecated]
        return field.word(among: words).flatMap { $0 == deprecated ? .required : ClientCertificates(rawValue: $0) }
    }

    /// Passes the settings to GnuTLS and reports its errors at the fields concerned.
    private func context(_ settings: TLSSettings, _ fields: ConfigMapping<WebConfigKeys.TLS>) -> TLSContext? {
        let implied = settings.cipherSuites.impliedSuites.map(\.rawValue).joined(separator: ", ")
        if !implied.isEmpty {
            fields[.cipherSuites]?.diagnose(
                "GnuTLS cannot allow these without \(implied): list them too, or list fewer"
            )
        }
        do throws(TLSError) {
            return try TLSContext(settings)
        } catch {
            diagnose(error, fields)
            return nil
        }
    }

    private func diagnose(_ error: TLSError, _ fields: ConfigMapping<WebConfigKeys.TLS>) {
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

enum WebConfigKeys {
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
