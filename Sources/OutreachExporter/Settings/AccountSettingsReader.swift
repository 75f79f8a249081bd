// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach
internal import Providers

extension SettingsReader {
    private static let longestName = 64
    private static let timeouts = Duration.milliseconds(100)...Duration.seconds(600)

    /// The fields of an account: the common ones and one for each provider's own options.
    func fields(ofAccount item: ConfigValue) -> ConfigMapping<SettingsKeys.Account>? {
        item.fields(of: SettingsKeys.Account.self, and: kinds.map { $0.name })
    }

    /// Reads one account.
    func account(from fields: ConfigMapping<SettingsKeys.Account>, defaults: CollectionDefaults) -> AccountSettings? {
        let name = fields.required(.name).flatMap(name)
        let kind = fields.required(.provider).flatMap(kind)
        let key = key(from: fields)
        // Any provider stands in for an unknown one, so that the rest is checked all the same.
        guard let standIn = kind ?? kinds.first else { return nil }
        var account = AccountSettings(name ?? "", of: standIn, key: key?.secret ?? Secret(""))
        account.keyFile = key?.file
        read(fields, into: &account.source)
        readPace(fields, into: &account, defaults: defaults)
        account.campaigns = campaigns(fields[.campaigns])
        account.source.options = options(of: kind, from: fields)
        return account
    }

    private func read(_ fields: ConfigMapping<SettingsKeys.Account>, into source: inout ProviderAccount) {
        source.baseURL = baseURL(from: fields) ?? source.baseURL
        source.timeout = fields[.timeout]?.duration(in: Self.timeouts) ?? source.timeout
        source.startDate = fields[.startDate]?.value("a day: write it like 2024-01-31", CalendarDay.init)?.text
        source.steps = fields[.steps]?.flag() ?? source.steps
        source.mailboxes = fields[.mailboxes]?.flag() ?? source.mailboxes
        source.domains = fields[.domains]?.flag() ?? source.domains
    }

    private func readPace(
        _ fields: ConfigMapping<SettingsKeys.Account>,
        into account: inout AccountSettings,
        defaults: CollectionDefaults
    ) {
        let interval = fields[.interval]?.duration(in: CollectionDefaults.intervals)
        let maxStaleness = fields[.maxStaleness]?.duration(in: CollectionDefaults.ages)
        account.interval = interval ?? defaults.interval
        account.maxStaleness =
            maxStaleness ?? defaults.maxStaleness ?? account.interval * AccountSettings.intervalsUntilStale
        if account.maxStaleness < account.interval {
            // Where neither is the account's own, the defaults have said it already.
            let culprit =
                maxStaleness.flatMap { _ in fields[.maxStaleness] } ?? interval.flatMap { _ in fields[.interval] }
            culprit?.diagnose(CollectionDefaults.tooShort(account.maxStaleness, for: account.interval))
        }
        let rate = fields[.requestsPerSecond]?.positiveNumber(upTo: 1000)
        account.requestsPerSecond = rate ?? account.requestsPerSecond
        account.concurrency = fields[.concurrency]?.integer(in: 1...64) ?? account.concurrency
    }

    private func kind(_ field: ConfigValue) -> (any ProviderKind.Type)? {
        let name = field.word(among: kinds.map { $0.name })
        return kinds.first { $0.name == name }
    }

    /// A name is a label and, in the storage, part of a file's name.
    private func name(_ field: ConfigValue) -> String? {
        guard let text = field.text() else { return nil }
        let isFit =
            1...Self.longestName ~= text.unicodeScalars.count && text.first != "." && !text.contains("/")
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            && text.first?.isWhitespace == false && text.last?.isWhitespace == false
        guard isFit else {
            field.diagnose(
                "\(field.quoted) cannot name an account: write 1 to \(Self.longestName) characters without slashes, "
                    + "control characters, a dot in front or spaces around"
            )
            return nil
        }
        return text
    }

    private func baseURL(from fields: ConfigMapping<SettingsKeys.Account>) -> String? {
        let allowsPlainHTTP = fields[.allowPlainHTTP]?.flag() ?? false
        guard let field = fields[.baseURL], let text = field.text() else { return nil }
        do throws(BaseURLError) {
            let url = try BaseURL(text)
            guard url.isEncrypted || url.isLoopback || allowsPlainHTTP else {
                field.diagnose(
                    "http:// would send the key unencrypted: write https://, or set allow_plain_http: true to accept that"
                )
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
    private static let largestKeyFile = 65_536

    /// A key, and the file in which it stands; no file where it comes from the environment.
    typealias PlacedKey = (secret: Secret, file: String?)

    /// Reads the key of an account, from the configuration or from the file that it names.
    func key(from fields: ConfigMapping<SettingsKeys.Account>) -> PlacedKey? {
        switch (fields[.key], fields[.keyFile]) {
        case (nil, nil): fields.diagnose("api_key is missing: set api_key or api_key_file")
        case (let key?, nil): return self.key(key)
        case (nil, let file?): return self.key(inFile: file)
        case (_?, let file?): file.diagnose("api_key is set as well: keep one of them")
        }
        return nil
    }

    private func key(_ field: ConfigValue) -> PlacedKey? {
        guard let text = field.text() else { return nil }
        guard let key = APIKey.secret(text) else {
            field.diagnose(text.isEmpty ? "the key is empty" : "this is no key: \(APIKey.rule)")
            return nil
        }
        return (key, field.shows(text) ? file : nil)
    }

    private func key(inFile field: ConfigValue) -> PlacedKey? {
        guard let path = field.text().map(resolved) else { return nil }
        do throws(FileError) {
            let content = try FileContent.read(path, upTo: Self.largestKeyFile)
            let text = String(decoding: content, as: UTF8.self)
            let line = text.last?.isNewline == true ? String(text.dropLast()) : text
            guard let key = APIKey.secret(line) else {
                throw FileError(path: path, reason: line.isEmpty ? "the file is empty" : APIKey.rule)
            }
            return (key, path)
        } catch {
            field.diagnose(field.shows(path) ? "\(error)" : "cannot read the file: \(error.reason)")
            return nil
        }
    }
}

extension SettingsReader {
    /// Reads the options that an account has because of its provider; an empty text or list is as good as none.
    func options(
        of kind: (any ProviderKind.Type)?,
        from fields: ConfigMapping<SettingsKeys.Account>
    ) -> [String: ProviderOption.Value] {
        guard let kind else { return [:] }
        for other in kinds where other.name != kind.name {
            fields[other.name]?.diagnose(
                "these options belong to \(other.title), and the account's provider is \(kind.name)"
            )
        }
        var values: [String: ProviderOption.Value] = [:]
        for field in fields[kind.name]?.entries() ?? [] {
            guard let option = kind.options.first(where: { $0.name == field.name }) else {
                field.complainUnknown(among: kind.options.map(\.name))
                continue
            }
            values[option.name] = value(of: option.kind, from: field)
        }
        return values
    }

    private func value(of kind: ProviderOption.Kind, from field: ConfigValue) -> ProviderOption.Value? {
        switch kind {
        case .flag: return field.flag().map(ProviderOption.Value.flag)
        case .choice(let words): return field.word(among: words).map(ProviderOption.Value.text)
        case .list(let words):
            let chosen = field.list()?.compactMap { $0.word(among: words) } ?? []
            return chosen.isEmpty ? nil : .list(chosen)
        case .text(let check): return text(field, check).map(ProviderOption.Value.text)
        }
    }

    private func text(_ field: ConfigValue, _ check: (String) -> String?) -> String? {
        guard let text = field.text(), !text.isEmpty else { return nil }
        guard let complaint = check(text) else { return text }
        field.diagnose(field.shows(text) ? complaint : "\(field.quoted) does not fit")
        return nil
    }
}
