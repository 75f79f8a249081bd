// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach
internal import Providers

extension SettingsReader {
    private static let longestName = 64
    private static let timeouts = Duration.milliseconds(100)...Duration.seconds(600)

    /// The fields of an account: the common ones and one for each provider's own options.
    func fields(ofAccount item: Field) -> Fields<SettingsKeys.Account>? {
        item.fields(of: SettingsKeys.Account.self, and: kinds.map { $0.name })
    }

    /// Reads one account.
    func account(from fields: Fields<SettingsKeys.Account>, defaults: CollectionDefaults) -> AccountSettings? {
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

    private func read(_ fields: Fields<SettingsKeys.Account>, into source: inout ProviderAccount) {
        source.baseURL = baseURL(from: fields) ?? source.baseURL
        source.timeout = fields[.timeout]?.duration(in: Self.timeouts) ?? source.timeout
        source.startDate = fields[.startDate]?.value("a day: write it like 2024-01-31", CalendarDay.init)?.text
        source.steps = fields[.steps]?.flag() ?? source.steps
        source.mailboxes = fields[.mailboxes]?.flag() ?? source.mailboxes
        source.domains = fields[.domains]?.flag() ?? source.domains
    }

    private func readPace(
        _ fields: Fields<SettingsKeys.Account>,
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
            culprit?.complain(CollectionDefaults.tooShort(account.maxStaleness, for: account.interval))
        }
        let rate = fields[.requestsPerSecond]?.positiveNumber(upTo: 1000)
        account.requestsPerSecond = rate ?? account.requestsPerSecond
        account.concurrency = fields[.concurrency]?.integer(in: 1...64) ?? account.concurrency
    }

    private func kind(_ field: Field) -> (any ProviderKind.Type)? {
        let name = field.word(among: kinds.map { $0.name })
        return kinds.first { $0.name == name }
    }

    /// A name is a label and, in the storage, part of a file's name.
    private func name(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        let isFit =
            1...Self.longestName ~= text.unicodeScalars.count && text.first != "." && !text.contains("/")
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            && text.first?.isWhitespace == false && text.last?.isWhitespace == false
        guard isFit else {
            field.complain(
                "\(field.quoted) cannot name an account: write 1 to \(Self.longestName) characters without slashes, "
                    + "control characters, a dot in front or spaces around"
            )
            return nil
        }
        return text
    }

    private func baseURL(from fields: Fields<SettingsKeys.Account>) -> String? {
        let allowsPlainHTTP = fields[.allowPlainHTTP]?.flag() ?? false
        guard let field = fields[.baseURL], let text = field.text() else { return nil }
        do throws(BaseURLError) {
            let url = try BaseURL(text)
            guard url.isEncrypted || url.isLoopback || allowsPlainHTTP else {
                field.complain(
                    "http:// would send the key unencrypted: write https://, or set allow_plain_http: true to accept that"
                )
                return nil
            }
            return url.text
        } catch {
            field.complain("\(error)")
            return nil
        }
    }
}
