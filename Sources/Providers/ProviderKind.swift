// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import History

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
        for account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> any AccountSource

    /// Makes what tells an account's past, in the same way; `nil` where the provider tells none.
    static func history(
        of account: ProviderAccount,
        gate: CallGate,
        transport: any Transport
    ) -> (any AccountHistory)?
}

extension ProviderKind {
    package static func history(
        of account: ProviderAccount,
        gate: CallGate,
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
