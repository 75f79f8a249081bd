// SPDX-License-Identifier: Apache-2.0

/// Everything one account's provider says at a moment: immutable, replaced as a whole.
package struct AccountReport: Sendable, Hashable {
    /// Whose report this is.
    package let account: Account
    /// The campaigns, unique by id and in its order.
    package let campaigns: [Campaign]
    /// The mailboxes, unique by address and in its order.
    package let mailboxes: [Mailbox]
    /// The domain checks, unique by domain and check and in their order.
    package let domainChecks: [DomainCheck]

    /// Puts a report together; of entries that share an identity the last one counts.
    package init(
        account: Account,
        campaigns: [Campaign] = [],
        mailboxes: [Mailbox] = [],
        domainChecks: [DomainCheck] = []
    ) {
        self.account = account
        self.campaigns = Self.unique(campaigns, by: \.id)
        self.mailboxes = Self.unique(mailboxes, by: \.address)
        self.domainChecks = Self.unique(domainChecks) { "\($0.domain) \($0.check)" }
    }

    private static func unique<Entry>(_ entries: [Entry], by identity: (Entry) -> String) -> [Entry] {
        Dictionary(entries.map { (identity($0), $0) }) { _, last in last }
            .sorted { $0.key < $1.key }.map(\.value)
    }
}
