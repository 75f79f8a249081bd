// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// An account at a provider: the first two labels of every series.
package struct Account: Sendable, Hashable, Codable, Comparable {
    /// The provider's name in labels and in the configuration: `instantly`.
    package let provider: String
    /// The account's name from the configuration, unique among all accounts.
    package let name: String

    package init(provider: String, name: String) {
        self.provider = provider
        self.name = name
    }

    /// Orders by provider, then by name, as the page does.
    package static func < (left: Account, right: Account) -> Bool {
        (left.provider, left.name) < (right.provider, right.name)
    }
}

/// Everything that is published about an account; replaced as a whole, never changed.
package struct AccountReport: Sendable, Hashable {
    package let account: Account
    /// Unique by id, and sorted by it.
    package let campaigns: [Campaign]
    /// Unique by address, and sorted by it.
    package let mailboxes: [Mailbox]
    /// Unique by domain and check, and sorted by them.
    package let domainChecks: [DomainCheck]
    /// Messages that the provider plans to send, by the day: `today`, `tomorrow`, `day_after_tomorrow`.
    package let messagesScheduled: [String: Double]
    /// Unique by kind and resource, and sorted by them.
    package let plan: [PlanQuantity]

    /// Creates a report; of entries with the same identity the last one is kept.
    package init(
        account: Account,
        campaigns: [Campaign] = [],
        mailboxes: [Mailbox] = [],
        domainChecks: [DomainCheck] = [],
        messagesScheduled: [String: Double] = [:],
        plan: [PlanQuantity] = []
    ) {
        self.account = account
        self.plan = Self.unique(plan) { "\($0.kind.rawValue) \($0.resource)" }
        self.messagesScheduled = messagesScheduled
        self.campaigns = Self.unique(campaigns, by: \.id)
        self.mailboxes = Self.unique(mailboxes, by: \.address)
        self.domainChecks = Self.unique(domainChecks, by: \.identity)
    }

    private static func unique<Entry>(_ entries: [Entry], by identity: (Entry) -> String) -> [Entry] {
        Dictionary(entries.map { (identity($0), $0) }) { _, last in last }
            .sorted { $0.key < $1.key }.map(\.value)
    }
}

/// The result of a DNS check of a sending domain.
package struct DomainCheck: Sendable, Hashable, Codable {
    package let domain: String
    /// `mx`, `spf`, `dkim` or `dmarc`.
    package let check: String
    package let passed: Bool

    package init(domain: String, check: String, passed: Bool) {
        self.domain = domain.labelValue
        self.check = check.labelValue
        self.passed = passed
    }

    /// What an account has one check of: the domain and the kind.
    package var identity: String { "\(domain) \(check)" }
}

/// A number that the provider tells about the account's plan; part of the storage format.
package struct PlanQuantity: Sendable, Hashable, Codable {
    /// What the number says of its resource.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case limit
        case used
        /// What is left, of a resource that is consumed.
        case remaining

        package var family: MetricFamily {
            switch self {
            case .limit: Catalogue.planLimit
            case .used: Catalogue.planUsed
            case .remaining: Catalogue.planRemaining
            }
        }
    }

    package let kind: Kind
    /// The label `resource`: `leads`, `credits`, `campaigns`, `mailboxes` or `messages`.
    package let resource: String
    package let value: Double

    package init(_ kind: Kind, of resource: String, _ value: Double) {
        self.kind = kind
        self.resource = resource
        self.value = value
    }
}

package struct Mailbox: Sendable, Hashable, Codable {
    /// The email address: the label `mailbox`.
    package let address: String
    /// The hosting service, `google` or `microsoft` for example; `nil` if unknown.
    package var service: String?
    /// The provider's status in snake case: `active`, `connection_error`; `nil` if unknown.
    package var status: String?
    /// The provider's warm-up status in snake case; `nil` if unknown.
    package var warmupStatus: String?
    package var measures: Measures<MailboxMeasure>
    /// Warm-up messages by the folder that they arrived in: `inbox`, `spam`, `promotions`.
    package var placements: [String: Double]

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

    /// The label `mailbox_service`; `unknown` where the provider names none, so that joins find every mailbox.
    var shownService: String { service.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown" }

    /// The part of the address after the last `@`, in lower case; `nil` if it is empty.
    package var domain: String? {
        address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The label `domain`; `unknown` where the address has none.
    var shownDomain: String { domain ?? "unknown" }
}
