// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Outreach
internal import Providers

extension Settings {
    /// Reads the settings from a file, or without one makes an account of each key in the environment.
    ///
    /// Every call reads everything anew, the files with keys included: a reload is nothing else.
    ///
    /// - Parameters:
    ///   - file: the configuration file.
    ///   - environment: the environment's variables.
    ///   - kinds: the providers there are.
    /// - Returns: settings in which everything is checked.
    /// - Throws: everything that is wrong, at once.
    static func load(
        file: String?,
        environment: [String: String],
        kinds: [any ProviderKind.Type]
    ) throws(SettingsError) -> Settings {
        guard let file else { return try Settings(environment: environment, kinds: kinds) }
        return try Settings(content(of: file), of: file, environment: environment, kinds: kinds)
    }

    private static func content(of file: String) throws(SettingsError) -> [UInt8] {
        do throws(FileError) {
            return try FileContent.read(file, upTo: YAMLLimits().bytes)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Reads the content of a configuration file.
    ///
    /// - Throws: everything that is wrong, at once.
    init(
        _ content: [UInt8],
        of file: String,
        environment: [String: String],
        kinds: [any ProviderKind.Type]
    ) throws(SettingsError) {
        let reader = Reader(environment: environment)
        do throws(Problems) {
            let root = try reader.root(parsing: content)
            self = SettingsReader(reader: reader, kinds: kinds, file: file).settings(from: root)
            try reader.finish()
        } catch {
            throw .invalid(file: file, error)
        }
    }

    /// Makes an account of each provider whose key is in the environment; it is named after the provider.
    ///
    /// - Throws: that there is no key, or one that cannot be one.
    init(environment: [String: String], kinds: [any ProviderKind.Type]) throws(SettingsError) {
        accounts = []
        var unusable: [String] = []
        for kind in kinds {
            guard let text = environment[kind.keyVariable], !text.isEmpty else { continue }
            guard let key = APIKey.secret(text) else {
                unusable.append(kind.keyVariable)
                continue
            }
            accounts.append(AccountSettings(kind.name, of: kind, key: key))
        }
        guard unusable.isEmpty else { throw .unusableKeys(variables: unusable) }
        guard !accounts.isEmpty else { throw .nothingToCollect(variables: kinds.map { $0.keyVariable }) }
    }
}
