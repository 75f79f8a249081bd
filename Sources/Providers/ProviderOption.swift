// SPDX-License-Identifier: Apache-2.0

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

    /// A value that fits its kind.
    package enum Value: Sendable, Hashable {
        case flag(Bool)
        case text(String)
        case list([String])
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
