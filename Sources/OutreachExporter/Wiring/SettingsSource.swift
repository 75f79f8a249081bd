// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Providers
internal import Simulator

/// Where settings come from: a file, or keys in the environment, or the demo.
struct SettingsSource: Sendable {
    /// Reads everything anew.
    let read: @Sendable () throws(SettingsError) -> Settings

    /// Reads everything anew, the files with keys included.
    ///
    /// - Throws: everything that is wrong, at once.
    func load() throws(SettingsError) -> Settings {
        try read()
    }

    /// What the command line names: its file, its share of the accounts, its storage.
    static func commandLine(_ arguments: Arguments, environment: [String: String]) -> SettingsSource {
        SettingsSource { () throws(SettingsError) in
            var settings = try Settings.load(
                file: arguments.configFile,
                environment: environment,
                kinds: providerKinds
            )
            if let shard = arguments.shard { settings = settings.share(of: shard) }
            if let path = arguments.storagePath { settings.storagePath = path.isEmpty ? nil : path }
            return settings
        }
    }

    /// One account per provider, at a simulator.
    static func demo(simulator: String, interval: Duration) -> SettingsSource {
        SettingsSource {
            Settings(
                accounts: providerKinds.compactMap { kind in
                    guard let platform = Platform(rawValue: kind.name) else { return nil }
                    var account = AccountSettings(
                        "demo-\(kind.name)",
                        of: kind,
                        key: Secret("demo"),
                        interval: interval
                    )
                    account.source.baseURL = simulator + platform.path
                    return account
                }
            )
        }
    }
}
