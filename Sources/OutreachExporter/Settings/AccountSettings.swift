// SPDX-License-Identifier: Apache-2.0

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
