// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Outreach
internal import Providers

/// Reads the settings from a parsed configuration file.
///
/// Errors go to `reader`; the settings returned then have defaults in their place and must not be used.
struct SettingsReader {
    let reader: ConfigDecoder
    let kinds: [any ProviderKind.Type]
    /// The configuration file, to whose directory relative paths refer.
    let file: String

    /// Reads the file's root mapping.
    func settings(from root: ConfigValue) -> Settings {
        let fields = root.fields(of: SettingsKeys.Root.self)
        let collection = CollectionDefaults(fields?[.collection]?.fields(of: SettingsKeys.Collection.self))
        let limits = limits(fields?[.limits])
        return Settings(
            accounts: accounts(fields?.required(.accounts), defaults: collection, limits),
            storagePath: storagePath(fields?[.storage]),
            limits: limits
        )
    }

    private func accounts(
        _ field: ConfigValue?,
        defaults: CollectionDefaults,
        _ limits: ReportLimits
    ) -> [ConfiguredAccount] {
        guard let items = field?.list() else { return [] }
        if items.isEmpty {
            field?.diagnose("list at least one account")
        }
        var locations: [String: SourceLocation] = [:]
        return items.compactMap { item in
            guard let fields = fields(ofAccount: item) else { return nil }
            var account = account(from: fields, defaults: defaults)
            account?.settings.attribution = attribution(from: fields, limits)
            let name = account?.name ?? ""
            checkUnique(name, fields[.name], among: &locations)
            if name.utf8.count > limits.labelValueLength {
                fields[.name]?.diagnose(
                    "the name takes \(name.utf8.count) bytes of UTF-8, more than limits.label_value_length: "
                        + "choose a shorter one or raise the limit"
                )
            }
            return account
        }
    }

    private func checkUnique(_ name: String, _ field: ConfigValue?, among locations: inout [String: SourceLocation]) {
        guard let field, !name.isEmpty else { return }
        if let first = locations[name] {
            field.diagnose("\(field.quoted) is already the name of the account at \(first): choose another")
        } else {
            locations[name] = field.node.location
        }
    }

    private func storagePath(_ field: ConfigValue?) -> String? {
        guard let path = field?.fields(of: SettingsKeys.Storage.self)?[.path]?.text(), !path.isEmpty else { return nil }
        return path.inFolder(of: file)
    }

    private func limits(_ field: ConfigValue?) -> ReportLimits {
        let fields = field?.fields(of: SettingsKeys.Limits.self)
        return ReportLimits(
            series: limit(fields?[.seriesPerAccount]) ?? .max,
            labelValueLength: labelValueLength(fields?[.labelValueLength]) ?? ReportLimits.defaultLabelValueLength
        )
    }

    private func labelValueLength(_ field: ConfigValue?) -> Int? {
        guard let limit = limit(field), limit < ReportLimits.minLabelValueLength else { return limit(field) }
        field?.diagnose(
            "the exporter's own labels, such as route, take up to \(ReportLimits.minLabelValueLength) bytes: "
                + "write at least that, or 0 for no limit"
        )
        return nil
    }

    /// A limit, of which 0 means none: `Int.max`.
    func limit(_ field: ConfigValue?) -> Int? {
        field?.integer(in: 0...1_000_000_000).map { $0 == 0 ? .max : $0 }
    }
}

/// The keys of the configuration file, by mapping, in the order of the documentation.
enum SettingsKeys {
    enum Root: String, CaseIterable {
        case collection, storage, limits, accounts
    }

    enum Collection: String, CaseIterable {
        case interval
        case maxStaleness = "max_staleness"
        case userAgent = "user_agent"
    }

    enum Storage: String, CaseIterable {
        case path
    }

    enum Limits: String, CaseIterable {
        case seriesPerAccount = "series_per_account"
        case labelValueLength = "label_value_length"
    }
}

/// The mapping `collection`: defaults of all accounts.
struct CollectionDefaults {
    /// The default of an account's `interval`, if the file sets it; the provider's otherwise.
    var interval: Duration?
    /// The default of an account's `max_staleness`, if the file sets it.
    var maxStaleness: Duration?
    /// The default of an account's `user_agent`, if the file sets it.
    var userAgent: String?

    /// The valid values of `interval`; the minimum catches `5ms` written for `5m`.
    static let intervals = Duration.seconds(1)...Duration.seconds(86_400)
    /// The valid values of `max_staleness`.
    static let ages = Duration.seconds(1)...Duration.seconds(30 * 86_400)

    init(_ fields: ConfigMapping<SettingsKeys.Collection>?) {
        interval = fields?[.interval]?.duration(in: Self.intervals)
        maxStaleness = fields?[.maxStaleness]?.duration(in: Self.ages)
        userAgent = fields?[.userAgent].flatMap(Self.userAgent)
        let interval = interval ?? AccountSettings.defaultInterval
        if let maxStaleness, maxStaleness < interval {
            fields?[.maxStaleness]?.diagnose(Self.tooShort(maxStaleness, for: interval))
        }
    }

    /// Reads a `user_agent`: a text that can be the value of a header.
    static func userAgent(_ field: ConfigValue) -> String? {
        field.trimmedText(
            "cannot be sent as User-Agent: write 1 to \(longestUserAgent) bytes without control "
                + "characters or spaces around"
        ) { 1...longestUserAgent ~= $0.utf8.count }
    }

    /// In bytes; more than any browser's.
    private static let longestUserAgent = 256

    /// The message for a `max_staleness` below the interval.
    static func tooShort(_ maxStaleness: Duration, for interval: Duration) -> String {
        "data would be dropped after \(maxStaleness.text), before the next collection after \(interval.text): "
            + "set max_staleness to at least the interval"
    }
}
