// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Configuration
internal import Outreach
internal import Providers
internal import RegularExpressions

extension SettingsReader {
    private static let longestName = 64
    private static let timeouts = Duration.milliseconds(100)...Duration.seconds(600)

    /// The mapping of an account: the common keys, and one for each provider's options.
    func fields(ofAccount item: ConfigValue) -> ConfigMapping<SettingsKeys.Account>? {
        item.fields(of: SettingsKeys.Account.self, and: kinds.map { $0.name })
    }

    func account(from fields: ConfigMapping<SettingsKeys.Account>, defaults: CollectionDefaults) -> ConfiguredAccount? {
        let name = fields.required(.name).flatMap(name)
        let kind = fields.required(.provider).flatMap(kind)
        let key = key(from: fields)
        // Any provider stands in for an unknown one, so that the rest is checked all the same.
        guard let standIn = kind ?? kinds.first else { return nil }
        var account = ConfiguredAccount(name ?? "", of: standIn, key: key?.secret ?? Secret(""))
        account.keyFile = key?.file
        account.rereadsKey = key?.isInOwnFile ?? false
        account.settings.interval = defaults.interval ?? standIn.interval
        read(fields, into: &account.settings, defaults: defaults)
        account.settings.options = options(of: kind, from: fields)
        if let kind, kind.baseURL == nil, fields[.baseURL] == nil {
            fields[.provider]?.diagnose(
                "base_url is missing: \(kind.baseURLAdvice)"
            )
        }
        if let key, let kind, let problem = kind.keyProblem(key.secret, with: account.settings.options) {
            (fields[.key] ?? fields[.keyFile])?.diagnose("the key \(problem)")
        }
        return account
    }

    private func read(
        _ fields: ConfigMapping<SettingsKeys.Account>,
        into account: inout AccountSettings,
        defaults: CollectionDefaults
    ) {
        account.baseURL = baseURL(from: fields, of: account.account.provider) ?? account.baseURL
        readTimes(fields, into: &account, defaults: defaults)
        if let rate = fields[.requestsPerSecond]?.positiveNumber(upTo: 1000) {
            (account.requestsPerSecond, account.maximumRequestsPerSecond) = (rate, rate)
        }
        account.concurrency = fields[.concurrency]?.integer(in: 1...64) ?? account.concurrency
        account.timeout = fields[.timeout]?.duration(in: Self.timeouts) ?? account.timeout
        account.userAgent = fields[.userAgent].flatMap(CollectionDefaults.userAgent) ?? defaults.userAgent
        account.caFile = fields[.caFile].flatMap(caFile)
        account.proxyURL = fields[.proxyURL].flatMap(proxyURL)
        account.startDate =
            fields[.startDate]?.value("a day: write it like 2024-01-31", Day.init(flagText:))?.description
        account.campaigns = campaigns(fields[.campaigns])
        account.steps = fields[.steps]?.flag() ?? account.steps
        account.mailboxes = fields[.mailboxes]?.flag() ?? account.mailboxes
        account.domains = fields[.domains]?.flag() ?? account.domains
    }

    private func readTimes(
        _ fields: ConfigMapping<SettingsKeys.Account>,
        into account: inout AccountSettings,
        defaults: CollectionDefaults
    ) {
        let interval = fields[.interval]?.duration(in: CollectionDefaults.intervals)
        let maxStaleness = fields[.maxStaleness]?.duration(in: CollectionDefaults.ages)
        account.interval = interval ?? account.interval
        account.maxStaleness =
            maxStaleness ?? staleness(defaults, interval: account.interval, isSet: interval != nil)
            ?? account.interval * AccountSettings.intervalsUntilStale
        guard account.maxStaleness < account.interval else { return }
        // Where the account sets neither, the mapping `collection` has been diagnosed already.
        let culprit = maxStaleness == nil ? interval.flatMap { _ in fields[.interval] } : fields[.maxStaleness]
        culprit?.diagnose(CollectionDefaults.tooShort(account.maxStaleness, for: account.interval))
    }

    /// The default age, unless nobody set the interval and the provider's own is longer than that.
    private func staleness(_ defaults: CollectionDefaults, interval: Duration, isSet: Bool) -> Duration? {
        defaults.maxStaleness.flatMap { !isSet && defaults.interval == nil && $0 < interval ? nil : $0 }
    }

    private func kind(_ field: ConfigValue) -> (any ProviderKind.Type)? {
        let name = field.word(among: kinds.map { $0.name })
        return kinds.first { $0.name == name }
    }

    /// Reads a name, which becomes a label value and part of a file name in the storage.
    private func name(_ field: ConfigValue) -> String? {
        field.trimmedText(
            "cannot name an account: write 1 to \(Self.longestName) characters without slashes, "
                + "control characters, a dot in front or spaces around"
        ) { text in
            1...Self.longestName ~= text.unicodeScalars.count && text.first != "." && !text.contains("/")
        }
    }

    private func baseURL(from fields: ConfigMapping<SettingsKeys.Account>, of provider: String) -> String? {
        let kind = kinds.first { $0.name == provider }
        let isKeyInURL = kind?.sendsKeyInURL ?? false
        let allowsPlainHTTP = fields[.allowPlainHTTP]?.flag() ?? false
        guard let field = fields[.baseURL], let text = field.text() else { return nil }
        do throws(BaseURLError) {
            let url = try BaseURL(text)
            guard url.isEncrypted || url.isLoopback || !isKeyInURL else {
                field.diagnose(
                    "\(provider) has the key in every URL, which proxies keep: write https://, here without an exception"
                )
                return nil
            }
            guard url.isEncrypted || url.isLoopback || allowsPlainHTTP else {
                field.diagnose(
                    "http:// would send the key unencrypted: write https://, or set allow_plain_http: true to accept that"
                )
                return nil
            }
            if let own = kind?.baseURL, let ownURL = try? BaseURL(own), url.misses(ownURL) {
                field.diagnose("the API of \(provider) is at \(own): write that, or leave base_url out")
                return nil
            }
            return url.text
        } catch {
            field.diagnose("\(error)")
            return nil
        }
    }
}

extension SettingsReader {
    private static let largestAuthorities = 4 << 20
    private static let proxySchemes = ["http", "https", "socks5", "socks5h"]

    /// Reads the path of a file with certificate authorities, and looks into it.
    private func caFile(_ field: ConfigValue) -> String? {
        guard let path = field.text()?.inFolder(of: file) else { return nil }
        do throws(FileError) {
            let content = String(decoding: try FileContent.read(path, upTo: Self.largestAuthorities), as: UTF8.self)
            if content.contains("-----BEGIN CERTIFICATE-----") { return path }
            field.diagnose("the file holds no certificate in PEM form")
        } catch {
            field.diagnose(error, of: path)
        }
        return nil
    }

    /// Reads the URL of a proxy, of which no message shows anything: it may hold a password.
    private func proxyURL(_ field: ConfigValue) -> Secret? {
        guard let text = field.text() else { return nil }
        let scheme = Self.proxySchemes.first { text.lowercased().hasPrefix("\($0)://") }
        let isFit = scheme.map { text.utf8.count > $0.utf8.count + 3 } ?? false
        guard isFit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            field.diagnose("write the URL of a proxy: http://host:port, or https, socks5 or socks5h")
            return nil
        }
        return Secret(text)
    }

    /// Reads which campaigns of an account are collected.
    func campaigns(_ field: ConfigValue?) -> CampaignSelection {
        let fields = field?.fields(of: SettingsKeys.Campaigns.self)
        var selection = CampaignSelection()
        selection.include = expressions(fields?[.include])
        selection.exclude = expressions(fields?[.exclude])
        selection.statuses = statuses(fields?[.statuses])
        selection.limit = limit(fields?[.limit]) ?? selection.limit
        return selection
    }

    private func expressions(_ field: ConfigValue?) -> [RegularExpression] {
        field?.list()?.compactMap(expression) ?? []
    }

    private func expression(_ field: ConfigValue) -> RegularExpression? {
        guard let text = field.text() else { return nil }
        let isShown = field.shows(text)
        guard !text.unicodeScalars.contains(where: Self.comesFromAnEscape) else {
            field.diagnose(
                "\(field.quoted) holds a control character: in double quotes YAML reads \\b and others itself, so "
                    + "write the expression in single quotes"
            )
            return nil
        }
        do throws(RegularExpression.SyntaxError) {
            return try RegularExpression(text, description: isShown ? text : field.quoted)
        } catch {
            let reason = isShown ? ": \(error)" : ""
            field.diagnose(
                "\(field.quoted) is no regular expression\(reason); put \\ before a character that stands for itself"
            )
            return nil
        }
    }

    /// Whether YAML makes this of an escape such as `\b`, `\N` or `\P`, which means something else in an expression.
    ///
    /// A tab and the ends of lines mean the same in both.
    private static func comesFromAnEscape(_ character: Unicode.Scalar) -> Bool {
        switch character.properties.generalCategory {
        case .control: !["\t", "\n", "\r"].contains(character)
        case .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private func statuses(_ field: ConfigValue?) -> [CampaignStatus] {
        let known = CampaignStatus.allCases.map(\.rawValue)
        let words = field?.list()?.compactMap { $0.word(among: known) } ?? []
        return CampaignStatus.allCases.filter { words.contains($0.rawValue) }
    }
}

extension SettingsReader {
    /// Reads the options of an account's provider; an empty text or list counts as not set.
    func options(
        of kind: (any ProviderKind.Type)?,
        from fields: ConfigMapping<SettingsKeys.Account>
    ) -> [String: OptionValue] {
        guard let kind else { return [:] }
        for other in kinds where other.name != kind.name {
            fields[other.name]?.diagnose(
                "these options belong to \(other.title), and the account's provider is \(kind.name)"
            )
        }
        var values: [String: OptionValue] = [:]
        for field in fields[kind.name]?.entries() ?? [] {
            guard let option = kind.options.first(where: { $0.name == field.name }) else {
                field.diagnoseUnknownKey(among: kind.options.map(\.name))
                continue
            }
            values[option.name] = value(of: option.kind, from: field)
        }
        return values
    }

    private func value(of kind: ProviderOption.Kind, from field: ConfigValue) -> OptionValue? {
        switch kind {
        case .flag: return field.flag().map(OptionValue.flag)
        case .choice(let words): return field.word(among: words).map(OptionValue.text)
        case .list(let words):
            let chosen = field.list()?.compactMap { $0.word(among: words) } ?? []
            return chosen.isEmpty ? nil : .list(chosen)
        case .text(let check): return text(field, check).map(OptionValue.text)
        }
    }

    private func text(_ field: ConfigValue, _ check: (String) -> String?) -> String? {
        guard let text = field.text(), !text.isEmpty else { return nil }
        guard let problem = check(text) else { return text }
        field.diagnose(field.shows(text) ? problem : "\(field.quoted) does not fit")
        return nil
    }
}

extension SettingsKeys {
    /// The keys of an account, in the order of the documentation.
    enum Account: String, CaseIterable {
        case name, provider
        case key = "api_key"
        case keyFile = "api_key_file"
        case baseURL = "base_url"
        case allowPlainHTTP = "allow_plain_http"
        case interval
        case maxStaleness = "max_staleness"
        case requestsPerSecond = "requests_per_second"
        case concurrency, timeout
        case userAgent = "user_agent"
        case caFile = "ca_file"
        case proxyURL = "proxy_url"
        case startDate = "start_date"
        case campaigns, steps, mailboxes, domains
        case client, labels
        case costPerMonth = "cost_per_month"
        case currency
    }

    /// The keys of an account's `campaigns`.
    enum Campaigns: String, CaseIterable {
        case include, exclude, statuses, limit
    }
}
