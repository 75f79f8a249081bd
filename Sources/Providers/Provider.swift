// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import Backfill

/// A provider as the configuration knows it: its name, its defaults, and how to make a source for an account.
package protocol ProviderKind: Sendable {
    /// The `provider` label and the name in the configuration: `instantly`.
    static var name: String { get }
    /// The name people know: `Instantly`.
    static var title: String { get }
    /// The environment variable that makes an account without a configuration file: `INSTANTLY_API_KEY`.
    static var keyVariable: String { get }
    /// Where the API lives, without a slash at the end.
    static var baseURL: String { get }
    /// Requests per second that leave room for the customer's other integrations.
    static var requestsPerSecond: Double { get }
    /// The options that only this provider has.
    static var options: [ProviderOption] { get }
    /// For each metric family the fields that its numbers come from, for the documentation.
    static var fields: [FieldSource] { get }

    /// Makes the source of an account: requests go through the gate and out over the transport.
    static func source(
        for account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> any AccountSource

    /// Makes what tells an account's past, in the same way; `nil` where the provider tells none.
    static func history(
        of account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> (any AccountHistory)?
}

extension ProviderKind {
    package static func history(
        of account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> (any AccountHistory)? { nil }
}

/// Where a provider's numbers of a metric family come from.
package struct FieldSource: Sendable, Hashable {
    /// The family's name: `outreach_campaign_leads`.
    package let family: String
    /// The route and field: `campaigns/analytics` `leads_count`.
    package let field: String

    /// Names a source.
    package init(family: String, field: String) {
        self.family = family
        self.field = field
    }
}

/// An option that only one provider has, as it stands under the provider's name in the configuration.
package struct ProviderOption: Sendable {
    /// What kind of value it takes.
    package enum Kind: Sendable {
        /// `true` or `false`.
        case flag
        /// Any text that the check accepts; the check returns what is wrong with it, or `nil`.
        case text(check: @Sendable (String) -> String?)
        /// One of these words.
        case choice([String])
        /// Some of these words.
        case list(of: [String])
    }

    /// The name in the configuration: `expand_crm_events`.
    package let name: String
    /// What kind of value it takes.
    package let kind: Kind
    /// One sentence for the documentation.
    package let help: String

    /// Describes an option.
    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}

/// Every provider, in the order of the documentation: a new one is a folder beside these and a line here.
package let providerKinds: [any ProviderKind.Type] = [
    Instantly.self, Lemlist.self, SendKit.self,
]

extension [String: OptionValue] {
    /// Whether a flag is set.
    func flag(_ name: String) -> Bool { self[name] == .flag(true) }

    /// A text or choice; `nil` where it is not set or empty.
    func text(_ name: String) -> String? {
        guard case .text(let text) = self[name], !text.isEmpty else { return nil }
        return text
    }

    /// A list; `nil` where it is not set or empty.
    func list(_ name: String) -> [String]? {
        guard case .list(let list) = self[name], !list.isEmpty else { return nil }
        return list
    }
}

extension ProviderOption {
    /// What keeps a text from being sent as a header's value; `nil` where nothing does.
    static func headerValueProblem(_ text: String) -> String? {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? nil : "must be one word of visible ASCII characters"
    }
}
