// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
internal import Outreach

/// Collects from a Smartlead account.
struct SmartleadSource: AccountSource {
    let api: SmartleadAPI
    private let totalsRoute = RouteSuspension()
    private let sequences = SequenceCache<[SmartleadSequenceStep]>()

    let detailBatch = 1
    let listingShowsChange = true
    /// The totals move with most numbers; clicks, unsubscribes and states of leads wait, for the limit is 1,000 requests
    /// an hour.
    let rowConfirmation: Duration? = .seconds(4 * 3_600)

    private var account: AccountSettings { api.client.account }
    var facts: AccountFacts { api.client.facts }

    func probe() async -> Probe {
        var probe = Probe()
        let campaign = await probe.send(for: .campaigns) { () async throws(APIError) in try await api.firstCampaign() }
        await probe.send(for: .campaigns) { () async throws(APIError) in try await api.someTotals() }
        await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
            try await api.analytics(of: campaign.id)
        }
        if account.steps {
            await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
                try await api.steps(of: campaign.id)
            }
            await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
                try await api.sequence(of: campaign.id)
            }
        }
        guard account.mailboxes else { return probe }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.someMailboxes() }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.someMailboxTotals() }
        return probe
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        let campaigns = try await api.campaigns()
        sequences.list(Dictionary(campaigns.map { ($0.id, $0.updated ?? "") }) { _, last in last })
        return SmartleadMapping.listing(campaigns, try await api.totals())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        let details = try await campaigns.results { id async throws(APIError) in
            let analytics = try await api.analytics(of: id)
            let steps = try await itemResult { () async throws(APIError) in
                account.steps ? try await self.steps(of: id) : []
            }
            return (
                detail: SmartleadMapping.detail(id, analytics, steps: (try? steps.get()) ?? []), error: steps.error
            )
        }
        return SourceResult(details, needing: SmartleadMapping.analytics)
    }

    /// The steps of a campaign, up to the beginning of a day if one is given.
    func steps(of campaign: String, until day: Day? = nil) async throws(APIError) -> [Step] {
        let rows = try await api.steps(of: campaign, until: day)
        let ids = Set(rows.compactMap(\.id))
        guard !ids.isEmpty else { return [] }
        let sequence = try await sequences.sequence(of: campaign, fits: { ids.isSubset(of: $0.map(\.id)) }) {
            () async throws(APIError) in try await api.sequence(of: campaign)
        }
        return SmartleadMapping.steps(rows, of: sequence)
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let rows = try await api.mailboxes()
        let totals = try await totalsRoute.results(of: [SmartleadAPI.Route.health], at: api.client.now) {
            _ async throws(APIError) in try await api.mailboxTotals()
        }
        let mailboxes = SmartleadMapping.mailboxes(rows, (try? totals.first?.get()) ?? [])
        var result = SourceResult(MailboxGroup(mailboxes: mailboxes))
        for mailbox in mailboxes { result.incomplete[mailbox.address] = totals.first?.error }
        result.failures += rows.map(\.id).missingAddress(in: SmartleadAPI.Route.mailboxes)
        return result
    }
}

/// The history of a Smartlead account: counts per day, and totals of steps up to a day.
struct SmartleadHistory: AccountHistory {
    let source: SmartleadSource

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart.daily(SmartleadMapping.daily, counts: source.api.daily) {
            campaign async throws(APIError) in
            try await source.api.analytics(of: campaign).measures
        }
        let stepTotals = HistoryPart.totals("steps") { campaign, day async throws(APIError) in
            CampaignTotals(steps: try await source.steps(of: campaign, until: day))
        }
        return [daily] + (steps ? [stepTotals] : [])
    }
}

/// Smartlead (smartlead.ai), API v1.
package enum Smartlead: ProviderKind {
    package static let name = "smartlead"
    package static let title = "Smartlead"
    package static let keyVariable = "SMARTLEAD_API_KEY"
    package static let baseURL: String? = "https://server.smartlead.ai/api/v1"
    /// The one rate that each of the contradictory documented limits allows, among them 1,000 an hour.
    package static let requestsPerSecond = 0.25
    /// The highest of the documented limits, 120 a minute; what the headers tell decides.
    package static let maximumRequestsPerSecond = 2.0
    package static let interval = Duration.seconds(900)
    package static let sendsKeyInURL = true
    package static let options: [ProviderOption] = []

    package static let fields =
        SmartleadMapping.labels.map(\.source) + SmartleadMapping.constants + SmartleadMapping.listed.sources
        + SmartleadMapping.analytics.sources + SmartleadMapping.steps.sources + SmartleadMapping.mailbox.sources
        + SmartleadMapping.health.sources

    package static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        SmartleadSource(api: SmartleadAPI(account, context))
    }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        SmartleadHistory(source: SmartleadSource(api: SmartleadAPI(account, context)))
    }
}
