// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Configuration
internal import Outreach
internal import Providers
internal import Simulator

/// The checked settings of the configuration file or the environment.
struct Settings: Sendable, Hashable {
    /// The accounts, in the order of the file; their names are unique.
    var accounts: [ConfiguredAccount]
    /// The names of the accounts that other shards collect.
    var otherAccounts: Set<String> = []
    /// `storage.path`: the directory of stored reports; `nil` keeps them in memory only.
    var storagePath: String?
    /// `limits`: the limits of each account's report.
    var limits = ReportLimits()

    /// The names of all accounts, those of other shards included.
    var accountNames: Set<String> { otherAccounts.union(accounts.map(\.name)) }

    /// The files that hold keys, each once.
    var keyFiles: [String] { Set(accounts.compactMap(\.keyFile)).sorted() }

    /// The keys that differ from the settings in force and that only a restart applies: a reload with one is refused.
    ///
    /// A reload applies `accounts` and `limits`; any other setting belongs here.
    func changesNeedingRestart(from running: Settings) -> [String] {
        storagePath == running.storagePath ? [] : ["storage.path"]
    }
}

extension Settings {
    /// Reads the settings from a file, or without a file from the API keys in the environment.
    ///
    /// Every call reads all files again, including those of API keys.
    ///
    /// - Parameters:
    ///   - file: the configuration file.
    ///   - environment: the environment's variables.
    ///   - kinds: the known providers.
    ///   - toleratesMissingSecrets: whether variables may be missing, and files that the file names.
    /// - Returns: checked settings.
    /// - Throws: all errors at once.
    static func load(
        file: String?,
        environment: [String: String],
        kinds: [any ProviderKind.Type],
        toleratesMissingSecrets: Bool = false
    ) throws(SettingsError) -> Settings {
        guard let file else { return try Settings(environment: environment, kinds: kinds) }
        return try Settings(
            content(of: file),
            of: file,
            environment: environment,
            kinds: kinds,
            toleratesMissingSecrets: toleratesMissingSecrets
        )
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
    /// - Throws: all errors at once.
    init(
        _ content: [UInt8],
        of file: String,
        environment: [String: String],
        kinds: [any ProviderKind.Type],
        toleratesMissingSecrets: Bool = false
    ) throws(SettingsError) {
        let reader = ConfigDecoder(environment: environment, toleratesMissingSecrets: toleratesMissingSecrets)
        do throws(Diagnostics) {
            let root = try reader.root(parsing: content)
            self = SettingsReader(reader: reader, kinds: kinds, file: file).settings(from: root)
            try reader.finish()
        } catch {
            throw .invalid(file: file, error)
        }
    }

    /// Makes an account for each provider whose API key is in the environment, named after the provider.
    ///
    /// - Throws: `unusableKeys`, `unusableBaseURL` or `nothingToCollect`.
    init(environment: [String: String], kinds: [any ProviderKind.Type]) throws(SettingsError) {
        accounts = []
        var unusable: [String: APIKeyError] = [:]
        for kind in kinds {
            guard let text = environment[kind.keyVariable]?.lineOfKey, !text.isEmpty else { continue }
            do throws(APIKeyError) {
                let key = try Secret(key: text)
                if let problem = kind.keyProblem(key, with: [:]) { throw .unusable(problem) }
                accounts.append(ConfiguredAccount(kind.name, of: kind, key: key))
            } catch {
                unusable[kind.keyVariable] = error
            }
        }
        guard unusable.isEmpty else { throw .unusableKeys(unusable) }
        for index in accounts.indices where accounts[index].kind.baseURL == nil {
            accounts[index].settings.baseURL = try Self.baseURL(of: accounts[index].kind, environment)
        }
        guard !accounts.isEmpty else { throw .nothingToCollect(variables: kinds.map { $0.keyVariable }) }
    }

    /// The base URL of a provider without a default, from its variable.
    private static func baseURL(
        of kind: any ProviderKind.Type,
        _ environment: [String: String]
    ) throws(SettingsError) -> String {
        let variable = kind.baseURLVariable
        guard let text = environment[variable], !text.isEmpty else {
            throw .unusableBaseURL(variable, "is not set: \(kind.baseURLAdvice)")
        }
        let url: BaseURL
        do throws(BaseURLError) {
            url = try BaseURL(text)
        } catch {
            throw .unusableBaseURL(variable, "cannot be used: \(error)")
        }
        guard url.isEncrypted || url.isLoopback else {
            throw .unusableBaseURL(variable, "would send the key unencrypted: write https://")
        }
        return url.text
    }
}

extension Settings {
    /// The accounts of one shard.
    ///
    /// Accounts that share a rate limit stay together: else each instance would use the whole limit.
    func share(of shard: Shard) -> Settings {
        var share = self
        let taken = Dictionary(grouping: accounts, by: \.settings.rateLimitKey)
            .filter { shard.contains($0.value.map(\.name).min() ?? "") }
        share.accounts = accounts.filter { taken[$0.settings.rateLimitKey] != nil }
        share.otherAccounts = accountNames.subtracting(share.accounts.map(\.name))
        return share
    }
}

/// Why settings cannot be read or applied; the description has a line for each reason.
enum SettingsError: Error, Hashable, CustomStringConvertible {
    case unreadable(FileError)
    case invalid(file: String, Diagnostics)
    /// These variables contain text that cannot be an API key.
    case unusableKeys([String: APIKeyError])
    /// The variable with the base URL of a provider that has no default, and what is wrong with it.
    case unusableBaseURL(String, String)
    /// There is neither a file nor an API key in any of these variables.
    case nothingToCollect(variables: [String])
    /// A reload changes these keys, which only a restart applies.
    case needsRestart(keys: [String])

    var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let problems): problems.lines(in: file).joined(separator: "\n")
        case .unusableKeys(let variables):
            variables.sorted { $0.key < $1.key }.map { "the key in the environment variable \($0) \($1)" }
                .joined(separator: "\n")
        case .unusableBaseURL(let variable, let reason): "the environment variable \(variable) \(reason)"
        case .nothingToCollect(let variables): Self.advice(variables)
        case .needsRestart(let keys):
            keys.map { "\($0) has changed, which needs a restart: restart, or set it back and reload again" }
                .joined(separator: "\n")
        }
    }

    private static func advice(_ variables: [String]) -> String {
        let ways = [
            ("outreach-exporter demo", "no key, no network: look around first"),
            (
                "\(variables.first ?? "KEY")=… outreach-exporter",
                "one account for each of \(variables.joined(separator: ", "))"
            ),
            ("outreach-exporter --config.file=config.yml", "any number of accounts: docs/configuration.md"),
        ]
        let lines = ways.map { command, purpose in
            "  \(command)\(String(repeating: " ", count: max(2, 46 - command.count)))\(purpose)"
        }
        return (["there is no account to collect; start one of these:"] + lines).joined(separator: "\n")
    }
}

/// The source of settings: a file, the environment, or the demo.
struct SettingsSource: Sendable {
    /// Reads the settings again, including the files of API keys; throws all errors at once.
    let load: @Sendable () throws(SettingsError) -> Settings

    /// The source that the command line selects, with its shard and its storage path.
    static func commandLine(_ arguments: Arguments, environment: [String: String]) -> SettingsSource {
        SettingsSource { () throws(SettingsError) in
            var settings = try Settings.load(
                file: arguments.configFile,
                environment: environment,
                kinds: providerKinds,
                toleratesMissingSecrets: arguments.checksWithoutKeys
            )
            if let shard = arguments.shard { settings = settings.share(of: shard) }
            if let path = arguments.storagePath { settings.storagePath = path.isEmpty ? nil : path }
            return settings
        }
    }

    /// The clients of the demo's accounts, in turn.
    private static let clients = ["Northwind", "Globex"]

    /// One account per provider, all at a simulator without limits, so that the slowest provider too is shown at once.
    static func demo(simulator: String, interval: Duration) -> SettingsSource {
        SettingsSource {
            Settings(
                accounts: providerKinds.enumerated().compactMap { index, kind in
                    guard let provider = SimulatedProvider(rawValue: kind.name) else { return nil }
                    var account = ConfiguredAccount(
                        "demo-\(kind.name)",
                        of: kind,
                        key: Secret("demo"),
                        interval: interval
                    )
                    account.settings.baseURL = simulator + provider.path
                    account.settings.requestsPerSecond = max(account.settings.requestsPerSecond, 5)
                    account.settings.attribution.client = clients[index % clients.count]
                    account.settings.attribution.labels = ["demo"]
                    account.settings.attribution.monthlyCost = MonthlyCost(Double(40 + 30 * index), currency: "EUR")
                    return account
                }
            )
        }
    }
}
