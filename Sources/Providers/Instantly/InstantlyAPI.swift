// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// The calls of Instantly's API v2: routes, authentication, paging and advice on refused keys.
struct InstantlyAPI: Sendable {
    let client: APIClient
    private let leads = RouteSuspension(for: .seconds(86_400))

    /// The routes (developer.instantly.ai).
    enum Route {
        static let campaigns = "/api/v2/campaigns"
        static let analytics = "/api/v2/campaigns/analytics"
        static let overview = "/api/v2/campaigns/analytics/overview"
        static let steps = "/api/v2/campaigns/analytics/steps"
        static let daily = "/api/v2/campaigns/analytics/daily"
        static let sending = "/api/v2/campaigns/{id}/sending-status"
        static let tags = "/api/v2/custom-tags"
        static let tagMappings = "/api/v2/custom-tag-mappings"
        static let accounts = "/api/v2/accounts"
        static let mailboxDays = "/api/v2/accounts/analytics/daily"
        static let warmup = "/api/v2/accounts/warmup-analytics"
        static let vitals = "/api/v2/accounts/test/vitals"
        static let plan = "/api/v2/workspace-billing/plan-details"
    }

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(account, context, headers: Self.headers, error: { $0.error(advice: Self.advice) })
    }

    /// The first campaign; `nil` if there is none.
    func firstCampaign() async throws(APIError) -> InstantlyCampaign? {
        try await first(Route.campaigns, for: .campaigns)
    }

    /// The address of the first sending account; `nil` if there is none.
    func firstAddress() async throws(APIError) -> String? {
        let account: InstantlyAccount? = try await first(Route.accounts, for: .mailboxes)
        return account?.id.isEmpty == false ? account?.id : nil
    }

    func campaigns() async throws(APIError) -> [InstantlyCampaign] {
        try await list(Route.campaigns, for: .campaigns)
    }

    /// The totals of all campaigns in one request; campaigns without events are missing.
    ///
    /// Counting leads is what makes it slow: where every attempt times out, it is requested without them for a day.
    func analytics() async throws(APIError) -> (response: InstantlyRows<InstantlyAnalytics>, countsLeads: Bool) {
        guard leads.error(at: client.now) == nil else { return (try await analyticsWithoutLeads(), false) }
        do throws(APIError) {
            return (try await client.fetch(APICall(route: Route.analytics, query: startDate)), true)
        } catch {
            guard error == .timedOut else { throw error }
            let response = try await analyticsWithoutLeads()
            leads.suspend(with: error, at: client.now)
            return (response, false)
        }
    }

    /// Whatever number of leads the response has then is not one.
    private func analyticsWithoutLeads() async throws(APIError) -> InstantlyRows<InstantlyAnalytics> {
        let call = APICall(route: Route.analytics, query: [Self.withoutLeads] + startDate)
        var response: InstantlyRows<InstantlyAnalytics> = try await client.fetch(call)
        for index in response.rows.indices { response.rows[index].measures[.leads] = nil }
        return response
    }

    private static let withoutLeads = QueryItem("exclude_total_leads_count", "true")

    /// Events and CRM totals of a campaign, or the sums over several.
    func overview(of campaigns: [String]) async throws(APIError) -> InstantlyOverview {
        var query = campaigns.map { QueryItem(campaigns.count == 1 ? "id" : "ids", $0) } + startDate
        if client.account.options.flag("expand_crm_events") { query.append(QueryItem("expand_crm_events", "true")) }
        return try await client.fetch(APICall(route: Route.overview, query: query, notFound: .gone(), part: .details))
    }

    /// The totals of campaigns up to the beginning of a day.
    func analytics(of campaigns: [String], until day: Day) async throws(APIError) -> [InstantlyAnalytics] {
        let query = campaigns.map { QueryItem("ids", $0) } + [Self.withoutLeads] + startDate + [end(before: day)]
        let rows: InstantlyRows<InstantlyAnalytics> = try await client.fetch(
            APICall(route: Route.analytics, query: query)
        )
        return rows.rows
    }

    /// A campaign's counts per day from a day on, today included; rows without a date are left out.
    func daily(
        of campaign: String,
        since day: Day
    ) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let start = max("\(day)", client.account.startDate ?? "")
        let query = [QueryItem("campaign_id", campaign), QueryItem("start_date", start)]
        let tomorrow = client.today.advanced(by: 1)
        let call = APICall(route: Route.daily, query: query + [end(before: tomorrow)], notFound: .gone())
        let days: InstantlyRows<InstantlyDay> = try await client.fetch(call)
        return client.sums(of: days.rows.map { ($0.day, $0.measures) }, from: Route.daily, "date")
    }

    /// A campaign's totals per step, counted from 1, and variant, up to the beginning of a day if one is given.
    func steps(of campaign: String, until day: Day? = nil) async throws(APIError) -> [InstantlyStep] {
        var query = [QueryItem("campaign_id", campaign), QueryItem("include_opportunities_count", "true")] + startDate
        if let day { query.append(end(before: day)) }
        let steps: InstantlyRows<InstantlyStep> = try await client.fetch(
            APICall(route: Route.steps, query: query, notFound: .gone(), part: .details)
        )
        let first = firstStep(in: steps.rows)
        return steps.rows.map { $0.counted(from: first) }
    }

    /// What this account's responses call the first step, `0` or `1`: both are seen, and the first campaign with steps
    /// decides, unless a later one has a `0`.
    private func firstStep(in rows: [InstantlyStep]) -> Int {
        let numbers = rows.compactMap(\.number)
        if numbers.contains(0) {
            client.facts[Self.firstStep] = "0"
        } else if !numbers.isEmpty, client.facts[Self.firstStep] == nil {
            client.facts[Self.firstStep] = "1"
        }
        return client.facts[Self.firstStep] == "0" ? 0 : 1
    }

    private static let firstStep = "first_step"

    /// Why a campaign does not send; `nil` without a diagnosis.
    func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus? {
        let call = APICall(route: Route.sending, id: campaign, notFound: .gone(), part: .sendingStates)
        let response: InstantlySendingStatus = try await client.fetch(call)
        return response.status
    }

    func tags() async throws(APIError) -> [InstantlyTag] {
        try await list(Route.tags, for: .labels)
    }

    /// What every custom tag is given to: the route's filters are known to leave rows out.
    func tagMappings() async throws(APIError) -> [InstantlyTagMapping] {
        try await list(Route.tagMappings, for: .labels)
    }

    func accounts() async throws(APIError) -> [InstantlyAccount] {
        try await list(Route.accounts, for: .mailboxes)
    }

    /// The warm-up of at most 100 accounts, by address in lower case.
    func warmup(of emails: [String]) async throws(APIError) -> [String: InstantlyWarmupTotals] {
        let call = APICall.post(Route.warmup, ["emails": emails], for: .mailboxes)
        let totals: [String: InstantlyWarmupTotals] = try await client.fetch(call) {
            try $0.optional("aggregate_data") ?? [:]
        }
        return Dictionary(totals.map { ($0.lowercased(), $1) }) { _, last in last }
    }

    /// The DNS checks of the domains of accounts: of those that pass and of those that fail.
    func vitals(of emails: [String]) async throws(APIError) -> [InstantlyVitals] {
        try await client.fetch(.post(Route.vitals, ["accounts": emails], for: .domainChecks)) {
            try $0.list("success_list") + $0.list("failure_list")
        }
    }

    /// What the workspace's plan allows and what of it is used; a workspace may have no such route.
    func plan() async throws(APIError) -> [PlanQuantity] {
        let call = APICall(route: Route.plan, notFound: .refused, part: .planLimits)
        return try await client.fetch(call) { $0.plan(InstantlyMapping.plan) }
    }

    /// Optional: without it the totals are of all time.
    private var startDate: [QueryItem] {
        client.account.startDate.map { [QueryItem("start_date", $0)] } ?? []
    }

    /// The last instant before a day in UTC: of a date alone it is not certain whether a range includes it.
    func end(before day: Day) -> QueryItem { QueryItem("end_date", day.lastInstantBefore) }

    private func first<Item: JSONDecodable>(_ route: String, for part: DataPart) async throws(APIError) -> Item? {
        let call = APICall(route: route, query: [QueryItem("limit", "1")], part: part)
        let page: InstantlyPage<Item> = try await client.fetch(call)
        return page.items.first
    }

    /// Ends without a cursor, at an empty page, or at a repeated cursor: a full last page may have a cursor.
    private func list<Item: JSONDecodable & Identifiable>(
        _ route: String,
        for part: DataPart
    ) async throws(APIError) -> [Item] where Item.ID == String {
        let size = client.pageSize(of: route)
        return try await Paginator.items(size, repeatedCursorEnds: true) { cursor, rows async throws(APIError) in
            let query = [QueryItem("limit", String(rows))] + (cursor.map { [$0] } ?? [])
            let page: InstantlyPage<Item> = try await client.fetch(APICall(route: route, query: query, part: part))
            let next = page.items.isEmpty ? nil : page.next
            return Page(items: page.items, next: next.map { QueryItem("starting_after", $0) })
        }
    }

    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        let workspace = account.options.text("workspace").map { [(name: "x-as-workspace", value: $0)] } ?? []
        return [(name: "Authorization", value: "Bearer \(account.key.value)")] + workspace
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 401: "Instantly does not accept the API key: create a new one under Settings → Integrations"
        case 402: "the Instantly workspace has no active paid plan: renew it, or use the key of another workspace"
        default:
            "Instantly forbids this: check the key scopes (campaigns:read, accounts:read, custom_tags:read for labels, "
                + "workspace_billing:read for plan limits), "
                + "plan or User-Agent"
        }
    }
}
