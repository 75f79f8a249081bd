// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
package import Outreach

/// Collects from a SendKit workspace.
struct SendKitSource: AccountSource {
    let api: SendKitAPI
    private let warmupRoute = RouteSuspension()
    private let totalsRoute = RouteSuspension(for: .seconds(86_400))

    let detailBatch = 1
    /// Rows have counters; in the newest API version only of sends, so that other events show with the next send.
    let listingShowsChange = true

    private var account: AccountSettings { api.client.account }
    var facts: AccountFacts { api.client.facts }

    func probe() async -> Probe {
        var probe = Probe()
        let campaign = await probe.send(for: .campaigns) { () async throws(APIError) in try await api.firstCampaign() }
        await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
            try await api.analytics(of: campaign.id)
        }
        guard account.mailboxes else { return probe }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.firstMailbox() }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.firstWarmup() }
        return probe
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        SendKitMapping.listing(try await api.campaigns())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        let details = try await campaigns.results { id async throws(APIError) in
            SendKitMapping.detail(id, try await api.analytics(of: id), steps: account.steps)
        }
        return SourceResult(details, needing: SendKitMapping.analytics)
    }

    let hasCampaignLabels = true
    let rationedRoutes: Set = [SendKitAPI.Route.workspaces]
    let supplementaryRoutes: Set = [SendKitAPI.Route.workspaces, SendKitAPI.Route.mailboxTotals]

    /// The name and usage of the workspace that is looked at: the one of the options, or the only one that the key opens.
    func campaignLabels(of campaigns: [String]) async throws(APIError) -> LabelGroup {
        let workspaces = try await api.workspaces().uniqued()
        let chosen = account.options.text("workspace").map { id in workspaces.filter { $0.id == id } } ?? workspaces
        guard let workspace = chosen.first, chosen.count == 1 else { return LabelGroup([:], plan: []) }
        let labels = workspace.name.map { [$0] } ?? []
        return LabelGroup(Dictionary(campaigns.map { ($0, labels) }) { first, _ in first }, plan: workspace.plan)
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let mailboxes = try await api.mailboxes()
        let warmups = try await warmupRoute.results(of: [SendKitAPI.Route.warmup], at: api.client.now) {
            _ async throws(APIError) in try await api.warmups()
        }
        let totals = try await mailboxTotals()
        var result = SendKitMapping.mailboxes(
            mailboxes,
            try? warmups.first?.get(),
            (try? totals.get()) ?? [],
            checks: account.domains
        )
        for mailbox in mailboxes { result.incomplete[mailbox.id] = warmups.first?.error ?? totals.error }
        result.failures += mailboxes.map(\.id).missingAddress(in: SendKitAPI.Route.mailboxes)
        return result
    }

    /// The totals of the mailboxes; none, and no failure, for a day where the API has no such route or a workspace has
    /// more mailboxes than fit into a response.
    private func mailboxTotals() async throws(APIError) -> Result<[SendKitMailboxTotals], APIError> {
        if let error = totalsRoute.error(at: api.client.now) { return error.isRefusal ? .failure(error) : .success([]) }
        let totals = try await itemResult { () async throws(APIError) in try await api.mailboxTotals() }
        guard let error = totals.error, error.isLasting else { return totals }
        totalsRoute.suspend(with: error, at: api.client.now)
        return error.isRefusal ? totals : .success([])
    }
}

extension APIError {
    /// Whether the same request will fail again: refused, unknown or too large.
    fileprivate var isLasting: Bool {
        switch kind {
        case .refused, .gone, .tooLarge, .rejected(404, _): true
        default: false
        }
    }
}

/// The history of a SendKit workspace: counts per day, or, if steps are included, totals up to a day.
struct SendKitHistory: AccountHistory {
    let api: SendKitAPI

    func parts(steps: Bool) -> [HistoryPart] {
        guard steps else {
            return [
                .daily(SendKitMapping.daily, counts: api.daily) { campaign async throws(APIError) in
                    try await api.analytics(of: campaign).measures
                }
            ]
        }
        return [
            .totals("analytics") { campaign, day async throws(APIError) in
                let row = try await api.analytics(of: campaign, until: day)
                return CampaignTotals(SendKitMapping.detail(campaign, row, steps: true))
            }
        ]
    }
}

/// SendKit (sendkit.ai), API v1.
package enum SendKit: ProviderKind {
    package static let name = "sendkit"
    package static let title = "SendKit"
    package static let keyVariable = "SENDKIT_API_KEY"
    package static let baseURL: String? = "https://api.sendkit.ai"
    /// No limit is documented; leaves room for other integrations.
    package static let requestsPerSecond = 5.0

    package static let options = [
        ProviderOption(
            "workspace",
            .text(check: ProviderOption.headerValueProblem),
            "The id of the workspace to look at; platform keys (`sk_user_…`) need it, workspace keys must not have it."
        )
    ]

    package static let fields =
        SendKitMapping.labels.map(\.source) + SendKitMapping.constants + SendKitMapping.analytics.sources
        + SendKitMapping.steps.sources + SendKitMapping.mailbox.sources + SendKitMapping.mailboxTotals.sources
        + SendKitMapping.warmup.sources + SendKitMapping.plan.map(\.source)

    /// A platform key opens several workspaces, so that every request must name one.
    package static func keyProblem(_ key: Secret, with options: [String: OptionValue]) -> String? {
        guard key.value.hasPrefix("sk_user_"), options.text("workspace") == nil else { return nil }
        return "is a platform key (sk_user_…), which needs the option workspace in a configuration file: "
            + "sendkit: { workspace: … }"
    }

    package static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        SendKitSource(api: SendKitAPI(account, context))
    }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        SendKitHistory(api: SendKitAPI(account, context))
    }
}
