// SPDX-License-Identifier: Apache-2.0

/// Which account of which provider numbers belong to; the first two labels of every series.
package struct Account: Sendable, Hashable, Codable, Comparable {
    /// The provider's name as it stands in labels and in the configuration: `instantly`.
    package let provider: String
    /// The alias from the configuration, unique among all accounts.
    package let name: String

    /// Names an account.
    package init(provider: String, name: String) {
        self.provider = provider
        self.name = name
    }

    /// By provider, then by name: the order of the page.
    package static func < (left: Account, right: Account) -> Bool {
        (left.provider, left.name) < (right.provider, right.name)
    }
}
