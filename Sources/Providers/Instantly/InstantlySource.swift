// SPDX-License-Identifier: Apache-2.0

package import Collection
internal import FoundationEssentials
package import HTTPClient
package import Backfill
internal import Outreach

/// An Instantly workspace as the collector asks it.
struct InstantlySource: AccountSource {
    let account: AccountSettings
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

    func probe() async throws(APIError) {
        try await api.probe()
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        InstantlyMapping.listing(try await api.campaigns(), try await api.analytics())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        SourceResult(
            try await campaigns.details { id async throws(APIError) in
                let overview = try await api.overview(of: [id])
                let steps = account.steps ? try await api.steps(of: id) : []
                return InstantlyMapping.detail(id, overview, steps: steps)
            }
        )
    }

    /// Asks for the overview of all of them: it is the sum of theirs, and moves with every number of a step but one, the
    /// opportunities of a lead behind its first.
    func stillHold(_ details: [Campaign]) async throws(APIError) -> Bool {
        let sum = try await api.overview(of: details.map(\.id)).measures
        return InstantlyMapping.additive.allSatisfy { measure in
            sum[measure] ?? 0 == details.reduce(0) { $0 + ($1.measures[measure] ?? 0) }
        }
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let accounts = try await api.accounts()
        let warmups = try await accounts.map(\.id).batches(of: Self.warmupBatch)
            .concurrently { batch async throws(APIError) in try await api.warmup(of: batch).accounts }
        let totals = warmups.reduce(into: [:]) { all, batch in all.merge(batch) { _, last in last } }
        return InstantlyMapping.mailboxes(accounts, totals)
    }

    /// Asks for one address of each domain: the answer is by domain anyway.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> [DomainCheck]? {
        guard account.domains else { return nil }
        let addresses = Dictionary(mailboxes.compactMap { box in box.domain.map { ($0, box.address) } }) { first, _ in
            first
        }
        let answers = try await addresses.values.sorted().batches(of: Self.vitalsBatch)
            .concurrently { batch async throws(APIError) in try await api.vitals(of: batch) }
        return InstantlyMapping.checks(answers)
    }
}

/// An Instantly workspace's past: what days count per campaign, everything else as totals until a day.
struct InstantlyHistory: AccountHistory {
    let api: InstantlyAPI

    /// The most ids that go into a query: 4 KB.
    private static let batch = 100
    private static let counted = Set(InstantlyMapping.daily.fields.map(\.measure))

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart("daily") { campaigns, days, advance throws(APIError) in
            try await DailyRows(days, advance: advance, rows: rows, total: total).pasts(of: campaigns)
        }
        let totals = HistoryPart("totals", batch: Self.batch) { campaigns, days, advance throws(APIError) in
            try await Bisection(days, advance: advance, ask: self.totals).pasts(of: campaigns)
        }
        let stepTotals = HistoryPart("steps") { campaigns, days, advance throws(APIError) in
            try await Bisection(days, advance: advance, ask: self.steps).pasts(of: campaigns)
        }
        return [daily, totals] + (steps ? [stepTotals] : [])
    }

    private func rows(of campaign: String, since day: Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let rows = try await api.daily(of: campaign, since: day)
        return Dictionary(rows.map { ($0.day, $0.measures) }) { _, last in last }
    }

    private func total(of campaign: String) async throws(APIError) -> Measures<CampaignMeasure> {
        let overview = try await api.overview(of: [campaign])
        var total = overview.measures.filtered(Self.counted.contains)
        total[.messagesSent] = overview.sent
        return total
    }

    /// A campaign without a row has not sent until then.
    private func totals(until day: Day, of campaigns: [String]) async throws(APIError) -> [String: Totals] {
        let rows = try await api.analytics(of: campaigns, until: day)
        let known = Dictionary(rows.map { ($0.id, $0.measures) }) { _, last in last }
        let totals = campaigns.map { ($0, Totals((known[$0] ?? Measures()).filtered { !Self.counted.contains($0) })) }
        return Dictionary(totals) { _, last in last }
    }

    private func steps(until day: Day, of campaigns: [String]) async throws(APIError) -> [String: Totals] {
        var totals: [String: Totals] = [:]
        for id in campaigns {
            let steps = try await api.steps(of: id, until: day)
            totals[id] = Totals(InstantlyMapping.detail(id, steps: steps))
        }
        return totals
    }
}

/// Instantly, API v2.
package enum Instantly: ProviderKind {
    package static let name = "instantly"
    package static let title = "Instantly"
    package static let keyVariable = "INSTANTLY_API_KEY"
    package static let baseURL = "https://api.instantly.ai"
    /// 6,000 a minute are documented, 600 a minute have been seen enforced.
    package static let requestsPerSecond = 8.0

    package static let options = [
        ProviderOption(
            "expand_crm_events",
            .flag,
            "Count every change of a lead's interest status, not only the first of each kind per contact."
        ),
        ProviderOption(
            "workspace",
            .text(check: ProviderOption.headerValueProblem),
            "The id of the child workspace on whose behalf an agency's key acts."
        ),
    ]

    package static let fields =
        InstantlyMapping.labels.map(\.source) + InstantlyMapping.constants + InstantlyMapping.analytics.sources
        + InstantlyMapping.overview.sources + InstantlyMapping.steps.sources + InstantlyMapping.account.sources
        + InstantlyMapping.warmup.sources + InstantlyMapping.health.sources

    package static func source(
        for account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> any AccountSource {
        InstantlySource(
            account: account,
            api: InstantlyAPI(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    package static func history(
        of account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        InstantlyHistory(api: InstantlyAPI(account: account, gate: gate, transport: transport, now: { .now }))
    }
}
