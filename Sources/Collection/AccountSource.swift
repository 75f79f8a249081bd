// SPDX-License-Identifier: Apache-2.0

internal import Exposition
package import Outreach
internal import Synchronization

/// A provider's API as the collector calls it, for one account.
///
/// Every request passes the account's `RequestGate`, so calls may run at the same time.
package protocol AccountSource: Sendable {
    /// The most campaigns in one `details` call, at least 1.
    var detailBatch: Int { get }

    /// Whether a campaign's row in the listing usually changes when its detail does.
    ///
    /// If so, detail is fetched for changed rows and at intervals for the others; if not, for every campaign in every
    /// cycle.
    var listingShowsChange: Bool { get }

    /// How long an unchanged row of the listing tells that the detail is unchanged, so that no check is needed; `nil` if it
    /// does not.
    var rowConfirmation: Duration? { get }

    /// The most campaigns in one `areUnchanged` call; 0 if the provider has no call for it.
    var groupSize: Int { get }

    /// What the source has learned about the account; restored before the first request and saved with the data.
    var facts: AccountFacts { get }

    /// Tests the API key with one cheap request to each endpoint that a collection would use.
    func probe() async -> Probe

    /// Fetches every page of the campaign listing.
    ///
    /// - Throws: the first error; there is no partial listing.
    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]>

    /// Fetches the details of at most `detailBatch` campaigns.
    ///
    /// - Returns: the detail or error of each id; `APIError.gone` if the provider no longer knows the campaign.
    /// - Throws: an error of the call as a whole.
    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]>

    /// Tells with one request whether at most `groupSize` campaigns still have these details, usually by their sums.
    func areUnchanged(_ details: [Campaign]) async throws(APIError) -> Bool

    /// Fetches the mailboxes, and the domain checks if they are part of the same response.
    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup>

    /// Whether the provider has calls of its own for the labels of campaigns.
    var hasCampaignLabels: Bool { get }

    /// Fetches the labels of these campaigns that their rows of the listing do not have.
    func campaignLabels(of campaigns: [String]) async throws(APIError) -> LabelGroup

    /// Whether the provider has a call that tells why a campaign does not send.
    var hasSendingStatus: Bool { get }

    /// Asks why a campaign does not send.
    ///
    /// - Returns: the reason; `nil` if the provider tells none.
    func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus?

    /// Whether the provider has a call of its own for the account's plan.
    var hasPlan: Bool { get }

    /// Fetches what the account's plan allows and what of it is used; empty if the provider tells nothing certain.
    func plan() async throws(APIError) -> [PlanQuantity]

    /// The routes without which the account's campaigns and mailboxes could be collected too, and whose requests therefore
    /// are a small share of the account's (see `CollectionCycle.allowance`).
    var supplementaryRoutes: Set<String> { get }

    /// Those of them that are requested only while that share is not used up.
    var rationedRoutes: Set<String> { get }

    /// Whether the provider has a call of its own for domain checks.
    var hasDomainChecks: Bool { get }

    /// Fetches the domain checks of the mailboxes' domains.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> SourceResult<[DomainCheck]>
}

extension AccountSource {
    package var groupSize: Int { 0 }

    package var rowConfirmation: Duration? { nil }

    package var hasCampaignLabels: Bool { false }

    package func campaignLabels(of campaigns: [String]) async throws(APIError) -> LabelGroup { LabelGroup([:]) }

    package var hasSendingStatus: Bool { false }

    package func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus? { nil }

    package var hasPlan: Bool { false }

    package func plan() async throws(APIError) -> [PlanQuantity] { [] }

    package var supplementaryRoutes: Set<String> { [] }

    package var rationedRoutes: Set<String> { [] }

    package var hasDomainChecks: Bool { false }

    package func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> SourceResult<[DomainCheck]> {
        SourceResult([])
    }

    package var facts: AccountFacts { AccountFacts() }

    /// Whether the provider is asked for a part with these settings.
    package func collects(_ part: DataPart, with settings: AccountSettings) -> Bool {
        switch part {
        case .campaigns, .details: true
        case .labels: hasCampaignLabels
        case .sendingStates: hasSendingStatus
        case .mailboxes: settings.mailboxes
        case .domainChecks: hasDomainChecks && settings.mailboxes && settings.domains
        case .planLimits: hasPlan
        }
    }

    package func areUnchanged(_ details: [Campaign]) async throws(APIError) -> Bool { false }
}

/// A provider's response, mapped to the report's types.
package struct SourceResult<Content: Sendable>: Sendable {
    package let content: Content
    /// The name of a field for each of its values that this version does not know: `campaign_status`.
    package let unknownFields: [String]
    /// Which of the fields that the mapping needs the response had, by route.
    package var presence: [FieldPresence] = []
    /// The error of a further request for an entry of the content that lacks values because of it, by campaign id or
    /// mailbox address.
    package var incomplete: [String: APIError] = [:]
    /// The errors of requests for entries that the content lacks because of them.
    package var failures: [APIError] = []

    package init(_ content: Content, unknownFields: [String] = []) {
        self.content = content
        self.unknownFields = unknownFields
    }

    /// The first error, if anything is missing.
    var error: APIError? { failures.first ?? incomplete.min { $0.key < $1.key }?.value }
}

/// Which of the fields that the mapping needs the rows of a response had.
package struct FieldPresence: Sendable, Hashable {
    /// The route pattern.
    package let route: String
    /// The fields that every response with rows had so far.
    package let needed: Set<String>
    /// Those that at least one row has.
    package let present: Set<String>

    package init(route: String, needed: Set<String>, present: Set<String>) {
        self.route = route
        self.needed = needed
        self.present = present
    }

    /// The presence in the rows of two responses together.
    func merged(with other: FieldPresence?) -> FieldPresence {
        guard let other else { return self }
        return FieldPresence(
            route: route,
            needed: needed.union(other.needed),
            present: present.union(other.present)
        )
    }
}

/// Values of a response that cannot be the number of their metric: negative, too large, no number, a fraction of a count.
package struct UnusableValue: Sendable, Hashable {
    /// The route pattern.
    package let route: String
    package let field: String
    /// The id of the first campaign or mailbox that has one; `nil` if the response does not tell.
    package var row: String?
    package var count = 1

    package init(route: String, field: String, row: String?) {
        self.route = route
        self.field = field
        self.row = row
    }
}

/// A row of the campaign listing; part of the storage format.
package struct ListedCampaign: Sendable, Hashable, Codable {
    /// The campaign as far as the listing describes it.
    package let campaign: Campaign
    /// Other values of the row that change with the campaign's detail, as text: the time of its last update, for example.
    package let revision: String
    /// Whether the campaign's counters are zeros that the provider does not report; `nil` means no.
    ///
    /// The provider documents that a campaign without numbers has not sent anything yet.
    let isUnsent: Bool?
    /// Why the campaign does not send, as far as the row tells; `nil` in the storage, where the row tells of changes.
    package var sending: SendingStatus?

    package init(
        _ campaign: Campaign,
        revision: String = "",
        isUnsent: Bool = false,
        sending: SendingStatus? = nil
    ) {
        self.campaign = campaign
        self.revision = revision
        self.isUnsent = isUnsent ? true : nil
        self.sending = sending
    }

    /// The campaign without assumed counters, for one that is known to have sent something.
    package var reported: Campaign {
        guard isUnsent == true else { return campaign }
        var reported = campaign
        for counter in CampaignMeasure.allCases where counter.family.type == .counter {
            reported.measures[counter] = nil
        }
        return reported
    }
}

package struct LabelGroup: Sendable, Hashable {
    /// By campaign id.
    package let labels: [String: [String]]
    /// What the same response tells about the account's plan; `nil` from a provider that has another call for it or none.
    package let plan: [PlanQuantity]?

    package init(_ labels: [String: [String]], plan: [PlanQuantity]? = nil) {
        self.labels = labels
        self.plan = plan
    }
}

/// An account's mailboxes; part of the storage format.
package struct MailboxGroup: Sendable, Hashable, Codable {
    package let mailboxes: [Mailbox]
    /// The checks of their domains that came in the same response.
    package let domainChecks: [DomainCheck]
    /// Messages that the provider plans to send, by the day; `nil` means none are known.
    package let messagesScheduled: [String: Double]?

    package init(
        mailboxes: [Mailbox] = [],
        domainChecks: [DomainCheck] = [],
        messagesScheduled: [String: Double] = [:]
    ) {
        self.mailboxes = mailboxes
        self.domainChecks = domainChecks
        self.messagesScheduled = messagesScheduled.isEmpty ? nil : messagesScheduled
    }
}

/// What a source has learned about its account's API: page sizes that fit, how steps are counted.
///
/// Saved with the account's data and restored after a restart, so that it is learned once.
package final class AccountFacts: Sendable {
    private let values = Mutex<[String: String]>([:])

    package init() {}

    /// The value of a fact; `nil` if it is not known.
    package subscript(name: String) -> String? {
        get { values.withLock { $0[name] } }
        set { values.withLock { $0[name] = newValue } }
    }

    /// All facts by name.
    package var all: [String: String] { values.withLock(\.self) }

    /// Replaces all facts.
    package func restore(_ saved: [String: String]) {
        values.withLock { $0 = saved }
    }
}
