// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// A SendKit workspace as the collector asks it.
struct SendKitSource: AccountSource {
    let account: ProviderAccount
    let api: SendKitAPI

    let detailBatch = 1
    /// The rows carry counters; the newest version's few show sends at once, other movement with the next of them.
    let listingShowsChange = true

    func probe() async throws(CallFailure) {
        try await api.probe()
    }

    func listing() async throws(CallFailure) -> Answer<[ListedCampaign]> {
        SendKitMapping.listing(try await api.campaigns())
    }

    func details(of campaigns: [String]) async throws(CallFailure) -> Answer<[String: Result<Campaign, CallFailure>]> {
        Answer(
            try await campaigns.details { id async throws(CallFailure) in
                SendKitMapping.detail(id, try await api.analytics(of: id), steps: account.steps)
            }
        )
    }

    func mailboxes() async throws(CallFailure) -> Answer<MailboxGroup> {
        guard account.mailboxes else { return Answer(MailboxGroup()) }
        let mailboxes = try await api.mailboxes()
        return SendKitMapping.mailboxes(mailboxes, try await api.warmups(), checks: account.domains)
    }

    /// The checks come with the mailboxes.
    func domainChecks(for mailboxes: [Mailbox]) async throws(CallFailure) -> [DomainCheck]? {
        nil
    }
}
