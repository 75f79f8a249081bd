// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import Backfill
internal import Outreach
internal import Providers

/// One account and how it is collected.
struct AccountSettings: Sendable, Hashable {
    /// What the provider's client needs.
    var source: ProviderAccount
    /// The time from one collection's start to the next one's.
    var interval: Duration
    /// The age from which data is dropped; at least the interval.
    var maxStaleness: Duration
    /// The rate that the account's requests keep to.
    var requestsPerSecond: Double
    /// The most requests under way at once.
    var concurrency = 4
    /// The file that holds the key; `nil` where the key comes from the environment.
    var keyFile: String?
    /// Which campaigns are collected.
    var campaigns = CampaignSelection()

    /// The `account` label.
    var name: String { source.account.name }

    /// An account with the defaults of its provider.
    ///
    /// - Parameters:
    ///   - name: the `account` label.
    ///   - kind: the provider.
    ///   - key: the API key.
    ///   - interval: the time between collections; data lives three times as long.
    init(_ name: String, of kind: any ProviderKind.Type, key: Secret, interval: Duration = Self.defaultInterval) {
        source = ProviderAccount(account: Account(provider: kind.name, name: name), key: key, baseURL: kind.baseURL)
        self.interval = interval
        maxStaleness = interval * Self.intervalsUntilStale
        requestsPerSecond = kind.requestsPerSecond
    }

    /// The interval where none is set.
    static let defaultInterval = Duration.seconds(300)
    /// How many intervals data lives where nothing else is set.
    static let intervalsUntilStale = 3
}

extension AccountSettings {
    /// Everything configured for the account but its key, as a text that is the same in every process.
    var identity: String {
        let options = source.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let groups = "steps=\(source.steps) mailboxes=\(source.mailboxes) domains=\(source.domains)"
        let pace = "\(interval) \(maxStaleness) \(requestsPerSecond) \(concurrency) \(source.timeout)"
        let selection = "\(campaigns.include) \(campaigns.exclude) \(campaigns.statuses.map(\.rawValue).sorted())"
        let limit = campaigns.limit.map(String.init) ?? "-"
        return [source.baseURL, source.startDate ?? "-", groups, pace, selection, limit, "\(options)"]
            .joined(separator: " ")
    }
}

/// What accounts have in common that share a provider's rate limit: the key, and where it is sent.
///
/// The description is different for different limits and holds of the key only a hash whose seed ends with the process.
struct LimiterKey: Sendable, Hashable, CustomStringConvertible {
    private let provider: String
    private let baseURL: String
    private let key: Secret

    /// The limit that an account is under.
    init(of account: AccountSettings) {
        provider = account.source.account.provider
        baseURL = account.source.baseURL
        key = account.source.key
    }

    var description: String { "\(provider) \(baseURL) \(String(UInt(bitPattern: key.hashValue), radix: 16))" }
}

extension Settings {
    /// The accounts by the limit they share.
    var accountsByLimiter: [LimiterKey: [AccountSettings]] {
        Dictionary(grouping: accounts, by: LimiterKey.init)
    }
}

/// Which of an account's campaigns are collected.
struct CampaignSelection: Sendable, Hashable {
    /// Regular expressions of which a campaign's name must contain one; empty admits every name.
    var include: [String] = []
    /// Regular expressions of which a campaign's name may contain none.
    var exclude: [String] = []
    /// The statuses admitted; empty admits every status.
    var statuses: Set<CampaignStatus> = []
    /// The most campaigns; `nil` is no limit.
    var limit: Int? = 5000
}

extension AccountSettings {
    /// How this account is collected over a transport.
    func plan(
        over transport: any Transport,
        limits: SeriesLimits = SeriesLimits(),
        kinds: [any ProviderKind.Type] = providerKinds
    ) -> AccountPlan? {
        let (source, campaigns) = (self.source, self.campaigns)
        guard let kind = kinds.first(where: { $0.name == source.account.provider }) else { return nil }
        return AccountPlan(
            account: source.account,
            identity: identity,
            limitKey: "\(LimiterKey(of: self))",
            interval: interval,
            maxStaleness: maxStaleness,
            requestsPerSecond: requestsPerSecond,
            concurrency: concurrency,
            mailboxes: source.mailboxes,
            domains: source.domains,
            campaignLimit: campaigns.limit ?? .max,
            limits: ReportLimits(
                series: limits.seriesPerAccount ?? .max,
                labelValueLength: limits.labelValueLength ?? .max
            ),
            selects: { campaigns.admits($0) },
            source: { gate in kind.source(for: source, gate: gate, transport: transport) }
        )
    }

    /// What tells this account's past over a transport.
    func history(
        over transport: any Transport,
        gate: RequestGate,
        kinds: [any ProviderKind.Type] = providerKinds
    ) -> (any AccountHistory)? {
        kinds.first { $0.name == source.account.provider }?.history(of: source, gate: gate, transport: transport)
    }
}

extension CampaignSelection {
    /// Whether a campaign is collected.
    ///
    /// A campaign whose name or status the listing does not tell is collected: nothing is dropped on a guess.
    func admits(_ campaign: Campaign) -> Bool {
        if let status = campaign.status, !statuses.isEmpty, !statuses.contains(status) { return false }
        guard let name = campaign.name else { return true }
        if !include.isEmpty, !include.contains(where: { name.matches($0) }) { return false }
        return !exclude.contains { name.matches($0) }
    }
}

extension String {
    /// Whether the expression, which the settings have checked, is found anywhere in the text.
    fileprivate func matches(_ expression: String) -> Bool {
        guard let regex = try? Regex(expression) else { return false }
        return firstMatch(of: regex) != nil
    }
}
