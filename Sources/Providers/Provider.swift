// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
package import HTTPClient
package import Outreach

/// A supported provider: its names, defaults and options, and the sources of its accounts.
package protocol ProviderKind: Sendable {
    /// The `provider` label and the value of `provider` in the configuration: `instantly`.
    static var name: String { get }
    /// The name in prose: `Instantly`.
    static var title: String { get }
    /// The environment variable that configures an account without a configuration file: `INSTANTLY_API_KEY`.
    static var keyVariable: String { get }
    /// The API's default base URL, without a trailing slash; `nil` if every customer has another one.
    static var baseURL: String? { get }
    /// The default rate limit, which leaves room for the customer's other integrations.
    static var requestsPerSecond: Double { get }
    /// The rate up to which limits that the API tells in headers raise the default; by default they only lower it.
    static var maximumRequestsPerSecond: Double { get }
    /// Whether the key is a part of every URL, which proxies see over plain HTTP and servers log.
    static var sendsKeyInURL: Bool { get }
    /// Why a key cannot be used with these options, as the end of a sentence about it; `nil` if it can.
    static func keyProblem(_ key: Secret, with options: [String: OptionValue]) -> String?

    /// The time from collection to collection where none is set.
    static var interval: Duration { get }
    /// The configuration options that only this provider has.
    static var options: [ProviderOption] { get }
    /// The fields that the metric families are read from, for the documentation.
    static var fields: [FieldSource] { get }

    static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource

    /// Creates the source of an account's history; `nil` if the provider's API has none.
    static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)?
}

extension ProviderKind {
    /// The environment variable that sets the base URL of a provider without a default: `EMAILBISON_BASE_URL`.
    package static var baseURLVariable: String { "\(name.uppercased())_BASE_URL" }

    /// What to do where the base URL of a provider without a default is missing.
    package static var baseURLAdvice: String {
        "every \(title) customer has a host of its own, such as https://send.agency.example"
    }

    package static var interval: Duration { AccountSettings.defaultInterval }

    package static var maximumRequestsPerSecond: Double { requestsPerSecond }

    package static var sendsKeyInURL: Bool { false }

    package static func keyProblem(_ key: Secret, with options: [String: OptionValue]) -> String? { nil }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        nil
    }
}

/// What the requests of an account go through.
package struct ProviderContext: Sendable {
    /// Limits the rate and number of requests, and retries them.
    package let gate: RequestGate
    package let transport: any Transport
    /// The key to send, where it may change; `nil` for that of the settings.
    package let key: KeySource?
    package let now: @Sendable () -> Timestamp

    package init(
        gate: RequestGate,
        transport: any Transport,
        key: KeySource? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.gate = gate
        self.transport = transport
        self.key = key
        self.now = now
    }
}

/// A field of a provider's API that a metric family is read from.
package struct FieldSource: Sendable, Hashable {
    /// The family's name: `outreach_campaign_leads`.
    package let family: String
    /// The route and field: `campaigns/analytics` `leads_count`.
    package let field: String
}

/// A configuration option of one provider, a key under the provider's name.
package struct ProviderOption: Sendable {
    package enum Kind: Sendable {
        /// `true` or `false`.
        case flag
        /// A text; the check returns what is wrong with it, or `nil`.
        case text(check: @Sendable (String) -> String?)
        case choice([String])
        case list(of: [String])
    }

    /// The configuration key: `expand_crm_events`.
    package let name: String
    package let kind: Kind
    /// The description in the documentation, one sentence.
    package let help: String

    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}

/// All providers, in the order of the documentation; a new one is a folder beside theirs and an entry here.
package let providerKinds: [any ProviderKind.Type] = [
    Instantly.self, Lemlist.self, SendKit.self,
    EmailBison.self, Smartlead.self,
]

extension [String: OptionValue] {
    func flag(_ name: String) -> Bool { self[name] == .flag(true) }

    /// The value of a text or choice; `nil` if it is missing or empty.
    func text(_ name: String) -> String? {
        guard case .text(let text) = self[name], !text.isEmpty else { return nil }
        return text
    }

    /// The value of a list; `nil` if it is missing or empty.
    func list(_ name: String) -> [String]? {
        guard case .list(let list) = self[name], !list.isEmpty else { return nil }
        return list
    }
}

extension ProviderOption {
    /// Why a text cannot be the value of a header; `nil` if it can.
    static func headerValueProblem(_ text: String) -> String? {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "must be one word of visible ASCII characters"
    }
}
