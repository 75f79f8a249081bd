// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
internal import Outreach

/// Collects from an Instantly workspace.
struct InstantlySource: AccountSource {
    let api: InstantlyAPI
    private let warmupRoute = RouteSuspension()
    private let mailboxDaysRoute = RouteSuspension()

    let detailBatch = 1
    let hasDomainChecks = true
    /// Most counters of overview and steps move some counter of the analytics; repeated opens and clicks, meetings and
    /// deals do not.
    let listingShowsChange = true
    /// A URL of 2 KB; no maximum is documented.
    let groupSize = 50

    /// The documented maximum of addresses for the warm-up; for the counts per day, which allow 200, a URL of 4 KB.
    private static let mailboxBatch = 100
    /// No maximum is documented; few domains, since the response may wait for DNS.
    private static let vitalsBatch = 20

    private var account: AccountSettings { api.client.account }
    var facts: AccountFacts { api.client.facts }

    func probe() async -> Probe {
        var probe = Probe()
        let campaign = await probe.send(for: .campaigns) { () async throws(APIError) in try await api.firstCampaign() }
        await probe.send(for: .campaigns) { () async throws(APIError) in
            let ids = [(try? campaign.get())?.id].compactMap(\.self)
            return try await api.analytics(of: ids, until: api.client.today)
        }
        await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
            try await api.overview(of: [campaign.id])
        }
        if account.steps {
            await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
                try await api.steps(of: campaign.id)
            }
        }
        guard account.mailboxes else { return probe }
        let address = await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.firstAddress() }
        await probe.send(for: .mailboxes, of: address) { address async throws(APIError) in
            try await api.warmup(of: [address])
        }
        await probe.send(for: .mailboxes, of: address) { address async throws(APIError) in
            try await api.mailboxDays(of: [address], api.client.today...api.client.today)
        }
        guard collects(.domainChecks, with: account) else { return probe }
        await probe.send(for: .domainChecks, of: address) { address async throws(APIError) in
            try await api.vitals(of: [address])
        }
        return probe
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        let campaigns = try await api.campaigns()
        let (analytics, countsLeads) = try await api.analytics()
        var listing = InstantlyMapping.listing(campaigns, analytics.rows, isList: analytics.isList)
        listing.presence = InstantlyMapping.analytics.presence(
            in: analytics.rows.map(\.measures),
            except: countsLeads ? nil : .leads
        )
        return listing
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        let details = try await campaigns.results { id async throws(APIError) in
            let overview = try await api.overview(of: [id])
            let steps = try await itemResult { () async throws(APIError) in
                account.steps ? try await api.steps(of: id) : []
            }
            return (detail: InstantlyMapping.detail(id, overview, steps: (try? steps.get()) ?? []), error: steps.error)
        }
        return SourceResult(details, needing: InstantlyMapping.overview)
    }

    /// Asks for the overview of all of them: it is the sum of theirs, and moves with every number of a step but one, the
    /// opportunities of a lead behind its first.
    func areUnchanged(_ details: [Campaign]) async throws(APIError) -> Bool {
        let sum = try await api.overview(of: details.map(\.id)).measures
        return InstantlyMapping.additive.allSatisfy { measure in
            sum[measure] ?? 0 == details.reduce(0) { $0 + ($1.measures[measure] ?? 0) }
        }
    }

    let hasCampaignLabels = true
    let hasSendingStatus = true
    let rationedRoutes: Set = [
        InstantlyAPI.Route.tags, InstantlyAPI.Route.tagMappings, InstantlyAPI.Route.sending,
    ]
    var supplementaryRoutes: Set<String> {
        rationedRoutes.union([InstantlyAPI.Route.mailboxDays, InstantlyAPI.Route.plan])
    }

    func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus? {
        try await api.sendingStatus(of: campaign)
    }

    func campaignLabels(of campaigns: [String]) async throws(APIError) -> LabelGroup {
        let tags = try await api.tags()
        guard !tags.isEmpty else { return LabelGroup([:]) }
        return LabelGroup(InstantlyMapping.labels(of: Set(campaigns), tags, try await api.tagMappings()))
    }

    let hasPlan = true

    func plan() async throws(APIError) -> [PlanQuantity] { try await api.plan() }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let accounts = try await api.accounts()
        let addresses = accounts.map(\.id).filter { !$0.isEmpty }
        let batches = addresses.batches(of: Self.mailboxBatch)
        let warmups = try await warmupRoute.results(of: batches, at: api.client.now) { batch async throws(APIError) in
            try await api.warmup(of: batch)
        }
        api.forgetMailboxes(but: addresses)
        let counted = try await mailboxDaysRoute.results(of: batches, at: api.client.now) {
            batch async throws(APIError) in try await api.mailboxTotals(of: batch)
        }
        var result = InstantlyMapping.mailboxes(
            accounts,
            warmups.compactMap { try? $0.get() }.merged(),
            counted.compactMap { try? $0.get().measures }.merged()
        )
        result.presence = counted.compactMap { try? $0.get().presence }.flatMap(\.self)
        for (index, batch) in batches.enumerated() {
            for address in batch { result.incomplete[address] = warmups[index].error ?? counted[index].error }
        }
        result.failures += accounts.map(\.id).missingAddress(in: InstantlyAPI.Route.accounts)
        return result
    }

    /// Sends one address per domain: the response is by domain.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> SourceResult<[DomainCheck]> {
        let addresses = Dictionary(mailboxes.compactMap { box in box.domain.map { ($0, box.address) } }) { first, _ in
            first
        }
        let vitals = try await addresses.values.sorted().batches(of: Self.vitalsBatch)
            .concurrentResults { batch async throws(APIError) in try await api.vitals(of: batch) }
        let failures = vitals.compactMap(\.error)
        // Nothing answered: a failure of the part, not of some of its domains.
        if let first = failures.first, failures.count == vitals.count { throw first }
        var result = SourceResult(InstantlyMapping.checks(vitals.compactMap { try? $0.get() }.flatMap(\.self)))
        result.failures = failures
        return result
    }
}

/// The history of an Instantly workspace: counts per day for events, totals up to a day for everything else.
struct InstantlyHistory: AccountHistory {
    let api: InstantlyAPI

    /// The most ids in a query: a URL of 4 KB.
    private static let batch = 100
    private static let dailyMeasures = Set(InstantlyMapping.daily.fields.map(\.measure))

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart.daily(InstantlyMapping.daily, counts: api.daily) { campaign async throws(APIError) in
            let overview = try await api.overview(of: [campaign])
            var total = overview.measures
            total[.messagesSent] = overview.sent
            return total
        }
        let totals = HistoryPart.totals("totals", batch: Self.batch, self.totals)
        let stepTotals = HistoryPart.totals("steps") { campaign, day async throws(APIError) in
            CampaignTotals(InstantlyMapping.detail(campaign, steps: try await api.steps(of: campaign, until: day)))
        }
        return [daily, totals] + (steps ? [stepTotals] : [])
    }

    /// A campaign without a row had not sent anything by then.
    private func totals(
        until day: Day,
        of campaigns: [String]
    ) async throws(APIError) -> [String: Result<CampaignTotals, APIError>] {
        let rows = try await api.analytics(of: campaigns, until: day)
        var totals = Dictionary(campaigns.map { ($0, CampaignTotals()) }) { _, last in last }
        for row in rows where totals[row.id] != nil {
            totals[row.id] = CampaignTotals(row.measures.filtered { !Self.dailyMeasures.contains($0) })
        }
        return totals.mapValues { .success($0) }
    }
}

/// Instantly, API v2.
package enum Instantly: ProviderKind {
    package static let name = "instantly"
    package static let title = "Instantly"
    package static let keyVariable = "INSTANTLY_API_KEY"
    package static let baseURL: String? = "https://api.instantly.ai"
    /// Documented are 6,000 per minute, enforced at times 600 per minute.
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
        InstantlyMapping.labels.map(\.source) + InstantlyMapping.constants + InstantlyMapping.listed.sources
        + InstantlyMapping.sending.sources + InstantlyMapping.analytics.sources
        + InstantlyMapping.overview.sources + InstantlyMapping.steps.sources + InstantlyMapping.account.sources
        + InstantlyMapping.mailboxDays.sources + InstantlyMapping.warmup.sources + InstantlyMapping.health.sources
        + InstantlyMapping.plan.map(\.source)

    package static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        InstantlySource(api: InstantlyAPI(account, context))
    }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        InstantlyHistory(api: InstantlyAPI(account, context))
    }
}

extension Sequence {
    /// The entries of all dictionaries; of those with the same key the last one.
    fileprivate func merged<Value>() -> [String: Value] where Element == [String: Value] {
        reduce(into: [:]) { all, entries in all.merge(entries) { _, last in last } }
    }
}
