// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
package import Outreach
package import RegularExpressions

/// What the configuration says about one account: the only declaration of each of its keys.
///
/// A new key takes a property here, its reading in the exporter's `AccountSettingsReader`, and the code that uses it.
/// Equality and `identity` cover every stored property: no key can be forgotten when a reload looks for changes.
package struct AccountSettings: Sendable, Hashable, Encodable {
    /// The labels of the account, from `provider` and `name`.
    package let account: Account
    /// The API key, from `api_key` or the file that `api_key_file` names.
    package var key: Secret
    /// `base_url`: scheme, host and path prefix, without a slash at the end: `https://api.instantly.ai`.
    package var baseURL: String
    /// `interval`: the time from the start of one collection to the start of the next, 1 second to 1 day.
    package var interval: Duration
    /// `max_staleness`: the age from which data is no longer shown, at least the interval.
    package var maxStaleness: Duration
    /// `requests_per_second`: the rate of all requests of the account, up to 1000.
    package var requestsPerSecond: Double
    /// The rate up to which the provider's own limits, told with its responses, raise `requestsPerSecond`.
    package var maximumRequestsPerSecond: Double
    /// `concurrency`: the most requests under way at once, 1 to 64.
    package var concurrency = 4
    /// `timeout`: the time limit of one request, 100 milliseconds to 10 minutes.
    package var timeout = Duration.seconds(30)
    /// `user_agent`: the value of the header `User-Agent`, 1 to 256 bytes; `nil` for the program's own.
    package var userAgent: String?
    /// `ca_file`: the path of a PEM file with the trusted certificate authorities; `nil` for those of the system.
    package var caFile: String?
    /// `proxy_url`: the proxy of all requests, maybe with a password; `nil` for that of the environment.
    package var proxyURL: Secret?
    /// `start_date`: the day from which lifetime totals count, `YYYY-MM-DD`; `nil` for the provider's own.
    package var startDate: String?
    /// `campaigns`: which campaigns are collected.
    package var campaigns = CampaignSelection()
    /// `steps`: whether numbers of steps are collected.
    package var steps = true
    /// `mailboxes`: whether numbers of mailboxes are collected.
    package var mailboxes = true
    /// `domains`: whether checks of the sending domains are collected.
    package var domains = true
    /// The options that only the account's provider has, by name, checked against `ProviderKind.options`.
    package var options: [String: OptionValue] = [:]
    /// Whom the account works for and what it costs.
    package var attribution = AccountAttribution()

    /// The `interval` where none is set.
    package static let defaultInterval = Duration.seconds(300)
    /// How many intervals `max_staleness` is where none is set.
    package static let intervalsUntilStale = 3

    /// Describes an account with the defaults of the configuration.
    package init(
        account: Account,
        key: Secret,
        baseURL: String,
        requestsPerSecond: Double = 1,
        interval: Duration = Self.defaultInterval,
        options: [String: OptionValue] = [:]
    ) {
        self.account = account
        self.key = key
        self.baseURL = baseURL
        self.requestsPerSecond = requestsPerSecond
        maximumRequestsPerSecond = requestsPerSecond
        self.interval = interval
        maxStaleness = interval * Self.intervalsUntilStale
        self.options = options
    }

    /// The settings as text, equal in every process, for the storage: data stored under another text is fetched anew.
    ///
    /// It holds no secret: a `Secret` encodes as its redacted description. So a new key keeps the stored data, and so does
    /// another attribution, which changes nothing about it.
    package var identity: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        // Nothing in the settings can fail to encode: only text, numbers, lists and mappings of them.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What accounts have in common that share a rate limit.
    package var rateLimitKey: RateLimitKey {
        RateLimitKey(provider: account.provider, baseURL: baseURL, key: key)
    }
}

/// What a provider's rate limit belongs to: accounts that are equal in it share one limiter.
package struct RateLimitKey: Sendable, Hashable {
    let provider: String
    let baseURL: String
    let key: Secret
}

/// `campaigns`: which campaigns of an account are collected.
package struct CampaignSelection: Sendable, Hashable, Encodable {
    /// `include`: regular expressions of which the name must contain one; empty admits every name.
    package var include: [RegularExpression] = []
    /// `exclude`: regular expressions of which the name may contain none.
    package var exclude: [RegularExpression] = []
    /// `statuses`: the statuses admitted, in a fixed order so that equal settings are equal; empty admits every status.
    package var statuses: [CampaignStatus] = []
    /// `limit`: the most campaigns; `Int.max` is no limit.
    package var limit = 5000

    /// Selects every campaign, up to the default limit.
    package init() {}
}

/// The value of an option that only one provider has.
package enum OptionValue: Sendable, Hashable, Encodable {
    case flag(Bool)
    case text(String)
    case list([String])
}

extension Secret: Encodable {
    /// Encodes the redacted description: no encoder gets the secret.
    package func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// Whom an account works for and what it costs: keys of the configuration that are shown as they are and change nothing
/// about the collection.
package struct AccountAttribution: Sendable, Hashable {
    /// `client`: the client that the account works for; empty if none is named.
    package var client = ""
    /// `labels`: words by which accounts are grouped, each once.
    package var labels: [String] = []
    /// `cost_per_month` and `currency`; `nil` if the cost is not set.
    package var monthlyCost: MonthlyCost?

    /// Says nothing about the account.
    package init() {}
}

extension AccountAttribution: Encodable {
    /// Encodes the same for every attribution, so that a change keeps the stored data (see `AccountSettings.identity`).
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("")
    }
}

package struct MonthlyCost: Sendable, Hashable {
    /// The amount, above 0.
    package let amount: Double
    /// The currency as three letters of ISO 4217: `EUR`.
    package let currency: String

    package init(_ amount: Double, currency: String) {
        self.amount = amount
        self.currency = currency
    }
}
