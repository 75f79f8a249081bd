// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// One account at its provider, as the collector asks it: what each provider's folder implements.
///
/// Every request behind these calls passes the account's `RequestGate`, so calls may run at the same time.
package protocol AccountSource: Sendable {
    /// How many campaigns one `details` call takes at most; 1 where the provider answers for one at a time.
    var detailBatch: Int { get }

    /// Whether a campaign whose detail moved shows at least some of it in its row of the listing.
    ///
    /// Where it does, detail is fetched for changed rows, and now and then for the others; where it does not, for every
    /// campaign in every cycle.
    var listingShowsChange: Bool { get }

    /// How many campaigns one `stillHold` call takes at most; 0 where the provider has no call for it.
    var groupSize: Int { get }

    /// Tries the key with one cheap call.
    ///
    /// - Throws: why nothing would come of a collection.
    func probe() async throws(APIError)

    /// Lists every campaign, page after page, with what the cheap calls already tell about it.
    ///
    /// - Throws: the first failure. A listing is whole or it is none.
    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]>

    /// Fetches what only the expensive calls tell about some campaigns, at most `detailBatch`.
    ///
    /// - Returns: for each id its detail or why there is none; `APIError.gone` where the provider no longer knows it.
    /// - Throws: a failure of the call as a whole.
    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]>

    /// Tells whether nothing moved in the details of some campaigns, at most `groupSize`, by one cheap call for all.
    func stillHold(_ details: [Campaign]) async throws(APIError) -> Bool

    /// Fetches the mailboxes, and the domain checks where they come with them.
    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup>

    /// Runs the checks on the mailboxes' domains; `nil` where the provider has no call of its own for them.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> [DomainCheck]?
}

extension AccountSource {
    package var groupSize: Int { 0 }

    package func stillHold(_ details: [Campaign]) async throws(APIError) -> Bool { false }
}

/// What a provider answered, and the fields in which it used a value that this version does not know.
package struct SourceResult<Content: Sendable>: Sendable {
    /// The answer in the domain's words.
    package let content: Content
    /// A field's name for each unknown value met, as in `campaign_status`.
    package let unknownFields: [String]

    /// Wraps an answer.
    package init(_ content: Content, unknownFields: [String] = []) {
        self.content = content
        self.unknownFields = unknownFields
    }
}

/// A row of the campaign listing.
package struct ListedCampaign: Sendable, Hashable, Codable {
    /// What the listing alone tells.
    package let campaign: Campaign
    /// Whatever else in the row moves when the campaign's detail moved: a time of update, counters not exported.
    package let revision: String

    /// Describes a row.
    package init(_ campaign: Campaign, revision: String = "") {
        self.campaign = campaign
        self.revision = revision
    }
}

/// What a provider tells about an account's mailboxes in one go.
package struct MailboxGroup: Sendable, Hashable, Codable {
    /// The mailboxes.
    package let mailboxes: [Mailbox]
    /// The checks of their domains that came along.
    package let domainChecks: [DomainCheck]

    /// Describes the group.
    package init(mailboxes: [Mailbox] = [], domainChecks: [DomainCheck] = []) {
        self.mailboxes = mailboxes
        self.domainChecks = domainChecks
    }
}
