// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

/// An Instantly workspace as the collector asks it.
struct InstantlySource: AccountSource {
    let account: ProviderAccount
    let api: InstantlyAPI

    let detailBatch = 1
    /// Counters of the analytics move with most of those of overview and steps: not with repeated opens and clicks, nor
    /// with a meeting or a deal.
    let listingShowsChange = true
    /// As many ids as make an address of two kilobytes: no maximum is documented.
    let groupSize = 50

    /// The most addresses that warm-up analytics take.
    private static let warmupBatch = 100
    /// Few domains per call: no maximum is documented, and the checks may look every one up while we wait.
    private static let vitalsBatch = 20

    func probe() async throws(CallFailure) {
        try await api.probe()
    }

    func listing() async throws(CallFailure) -> Answer<[ListedCampaign]> {
        InstantlyMapping.listing(try await api.campaigns(), try await api.analytics())
    }

    func details(of campaigns: [String]) async throws(CallFailure) -> Answer<[String: Result<Campaign, CallFailure>]> {
        Answer(
            try await campaigns.details { id async throws(CallFailure) in
                let overview = try await api.overview(of: [id])
                let steps = account.steps ? try await api.steps(of: id) : []
                return InstantlyMapping.detail(id, overview, steps: steps)
            }
        )
    }

    /// Asks for the overview of all of them: it is the sum of theirs, and moves with every number of a step but one, the
    /// opportunities of a lead behind its first.
    func stillHold(_ details: [Campaign]) async throws(CallFailure) -> Bool {
        let sum = try await api.overview(of: details.map(\.id)).measures
        return InstantlyMapping.additive.allSatisfy { measure in
            sum[measure] ?? 0 == details.reduce(0) { $0 + ($1.measures[measure] ?? 0) }
        }
    }

    func mailboxes() async throws(CallFailure) -> Answer<MailboxGroup> {
        guard account.mailboxes else { return Answer(MailboxGroup()) }
        let accounts = try await api.accounts()
        let warmups = try await accounts.map(\.id).batches(of: Self.warmupBatch)
            .concurrently { batch async throws(CallFailure) in try await api.warmup(of: batch).accounts }
        let totals = warmups.reduce(into: [:]) { all, batch in all.merge(batch) { _, last in last } }
        return InstantlyMapping.mailboxes(accounts, totals)
    }

    /// Asks for one address of each domain: the answer is by domain anyway.
    func domainChecks(for mailboxes: [Mailbox]) async throws(CallFailure) -> [DomainCheck]? {
        guard account.domains else { return nil }
        let addresses = Dictionary(mailboxes.compactMap { box in box.domain.map { ($0, box.address) } }) { first, _ in
            first
        }
        let answers = try await addresses.values.sorted().batches(of: Self.vitalsBatch)
            .concurrently { batch async throws(CallFailure) in try await api.vitals(of: batch) }
        return InstantlyMapping.checks(answers)
    }
}
