// SPDX-License-Identifier: Apache-2.0

internal import Exposition

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

/// Whether a sending domain passes one of the set-up checks.
package struct DomainCheck: Sendable, Hashable, Codable {
    /// The domain: `example.com`.
    package let domain: String
    /// What was checked: `mx`, `spf`, `dkim`, `dmarc`.
    package let check: String
    /// Whether it passed.
    package let passed: Bool

    /// Records a check.
    package init(domain: String, check: String, passed: Bool) {
        self.domain = domain.labelValue
        self.check = check.labelValue
        self.passed = passed
    }
}

/// A sending mailbox.
package struct Mailbox: Sendable, Hashable, Codable {
    /// The sender's address: the `mailbox` label.
    package let address: String
    /// Who hosts it: `google`, `microsoft`, …; `nil` where unknown.
    package var service: String?
    /// Its state in the provider's words, lower case with underscores: `active`, `connection_error`.
    package var status: String?
    /// The state of its warm-up in the provider's words, lower case with underscores.
    package var warmupStatus: String?
    /// Its numbers.
    package var measures: Measures<MailboxMeasure>
    /// Warm-up messages by where they landed: `inbox`, `spam`, `promotions`.
    package var placements: [String: Double]

    /// Describes a mailbox.
    package init(
        address: String,
        service: String? = nil,
        status: String? = nil,
        warmupStatus: String? = nil,
        measures: Measures<MailboxMeasure> = .init(),
        placements: [String: Double] = [:]
    ) {
        self.address = address.labelValue
        self.service = service
        self.status = status
        self.warmupStatus = warmupStatus
        self.measures = measures
        self.placements = placements
    }
}
