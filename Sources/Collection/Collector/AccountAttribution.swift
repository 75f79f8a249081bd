// SPDX-License-Identifier: Apache-2.0

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

/// What an account costs per month.
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
