// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Providers

/// Reads the settings out of the tree of a configuration file.
///
/// Whatever is wrong is noted in `reader`; what is returned then holds defaults in its place and must not be used.
struct SettingsReader {
    /// Where problems are noted.
    let reader: Reader
    /// The providers there are.
    let kinds: [any ProviderKind.Type]
    /// The configuration file, from whose folder relative paths start.
    let file: String

    /// Reads everything.
    func settings(from root: Field) -> Settings {
        let fields = root.fields(of: SettingsKeys.Root.self)
        let collection = CollectionDefaults(fields?[.collection]?.fields(of: SettingsKeys.Collection.self))
        return Settings(
            accounts: accounts(fields?.required(.accounts), defaults: collection),
            storagePath: storagePath(fields?[.storage]),
            limits: limits(fields?[.limits])
        )
    }

    private func accounts(_ field: Field?, defaults: CollectionDefaults) -> [AccountSettings] {
        guard let items = field?.list() else { return [] }
        if items.isEmpty {
            field?.complain("list at least one account")
        }
        var places: [String: Place] = [:]
        return items.compactMap { item in
            guard let fields = fields(ofAccount: item) else { return nil }
            let account = account(from: fields, defaults: defaults)
            checkUnique(account?.name ?? "", fields[.name], among: &places)
            return account
        }
    }

    private func checkUnique(_ name: String, _ field: Field?, among places: inout [String: Place]) {
        guard let field, !name.isEmpty else { return }
        if let first = places[name] {
            field.complain("\(field.quoted) is already the name of the account at \(first): choose another")
        } else {
            places[name] = field.node.place
        }
    }

    private func storagePath(_ field: Field?) -> String? {
        guard let path = field?.fields(of: SettingsKeys.Storage.self)?[.path]?.text(), !path.isEmpty else { return nil }
        return resolved(path)
    }

    private func limits(_ field: Field?) -> SeriesLimits {
        let fields = field?.fields(of: SettingsKeys.Limits.self)
        return SeriesLimits(
            seriesPerAccount: fields?[.seriesPerAccount].flatMap(limit),
            labelValueLength: fields?[.labelValueLength].flatMap(limit)
        )
    }

    /// A limit of which 0 means none.
    func limit(_ field: Field) -> Int? {
        field.integer(in: 0...1_000_000_000).flatMap { $0 == 0 ? nil : $0 }
    }

    /// A path from the file as seen from the working directory.
    func resolved(_ path: String) -> String {
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return path.hasPrefix("/") ? path : folder + path
    }
}
