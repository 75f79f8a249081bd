// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import HTTPClient
internal import Outreach
internal import Providers

/// An account of the configuration, and its provider.
struct ConfiguredAccount: Sendable, Hashable {
    let kind: any ProviderKind.Type
    /// What the configuration says about the account; it names the same provider.
    var settings: AccountSettings
    /// The file that holds the key, to warn of its permissions; `nil` where the key comes from the environment.
    var keyFile: String?
    /// Whether that file holds nothing but the key, and is read again when it changes.
    var rereadsKey = false

    /// An account with the defaults of its provider.
    ///
    /// - Parameters:
    ///   - name: the `account` label.
    ///   - kind: the provider.
    ///   - key: the API key.
    ///   - interval: the time between collections, the provider's if it is `nil`; data lives three times as long.
    init(
        _ name: String,
        of kind: any ProviderKind.Type,
        key: Secret,
        interval: Duration? = nil
    ) {
        self.kind = kind
        settings = AccountSettings(
            account: Account(provider: kind.name, name: name),
            key: key,
            baseURL: kind.baseURL ?? "",
            requestsPerSecond: kind.requestsPerSecond,
            interval: interval ?? kind.interval
        )
        settings.maximumRequestsPerSecond = kind.maximumRequestsPerSecond
    }

    /// The `account` label.
    var name: String { settings.account.name }

    /// How the account is collected over a transport.
    func plan(over transport: any Transport, limits: ReportLimits = ReportLimits()) -> AccountPlan {
        let key = keySource
        var plan = AccountPlan(settings, limits: limits) { [kind, settings] gate in
            kind.source(for: settings, in: ProviderContext(gate: gate, transport: transport, key: key, now: { .now }))
        }
        if let key { plan.refreshKey = { await key.refresh() } }
        return plan
    }

    private var keySource: KeySource? {
        guard rereadsKey, let keyFile else { return nil }
        let file = KeyFile(keyFile)
        return KeySource(settings.key, file: keyFile) { await file.look(isUrgent: $0) }
    }

    /// Asks the provider for the account's past over a transport; `nil` where the provider has none.
    func history(over transport: any Transport, gate: RequestGate) -> (any AccountHistory)? {
        kind.history(of: settings, in: ProviderContext(gate: gate, transport: transport, now: { .now }))
    }

    // A metatype is not `Hashable`; the settings name the provider.
    static func == (left: ConfiguredAccount, right: ConfiguredAccount) -> Bool {
        (left.settings, left.keyFile) == (right.settings, right.keyFile)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(settings)
        hasher.combine(keyFile)
    }
}
