// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import Backfill
internal import Outreach

/// The calls to Instantly: routes, authentication, paging, and what its refusals mean.
struct InstantlyAPI: Sendable {
    private let client: APIClient

    /// The routes, as documented at developer.instantly.ai.
    enum Route {
        static let campaigns = "/api/v2/campaigns"
        static let analytics = "/api/v2/campaigns/analytics"
        static let overview = "/api/v2/campaigns/analytics/overview"
        static let steps = "/api/v2/campaigns/analytics/steps"
        static let daily = "/api/v2/campaigns/analytics/daily"
        static let accounts = "/api/v2/accounts"
        static let warmup = "/api/v2/accounts/warmup-analytics"
        static let vitals = "/api/v2/accounts/test/vitals"
    }

    /// The most rows a page holds; asking for more yields an empty page and no error.
    private static let pageSize = QueryItem("limit", "100")

    /// Prepares the calls of an account.
    init(
        account: AccountSettings,
        gate: RequestGate,
        transport: any Transport,
        now: @escaping @Sendable () -> Timestamp
    ) {
        client = APIClient(
            account: account,
            headers: Self.headers,
            gate: gate,
            transport: transport,
            now: now,
            failure: { $0.failure(advice: Self.advice) }
        )
    }

    /// The smallest page of campaigns there is.
    func probe() async throws(APIError) {
        let call = APICall(route: Route.campaigns, query: [QueryItem("limit", "1")])
        let _: InstantlyPage<InstantlyCampaign> = try await client.fetch(call)
    }

    /// Every campaign.
    func campaigns() async throws(APIError) -> [InstantlyCampaign] {
        try await listing(of: Route.campaigns)
    }

    /// The totals of every campaign that has any, in one call.
    func analytics() async throws(APIError) -> [InstantlyAnalytics] {
        try await client.fetch(APICall(route: Route.analytics, query: window))
    }

    /// The event counts and CRM totals of a campaign, or the sums over several.
    func overview(of campaigns: [String]) async throws(APIError) -> InstantlyOverview {
        var query = campaigns.map { QueryItem(campaigns.count == 1 ? "id" : "ids", $0) } + window
        if client.account.options.flag("expand_crm_events") { query.append(QueryItem("expand_crm_events", "true")) }
        return try await client.fetch(APICall(route: Route.overview, query: query, missing: .gone()))
    }

    /// The totals of some campaigns until a day begins.
    func analytics(of campaigns: [String], until day: Day) async throws(APIError) -> [InstantlyAnalytics] {
        let query = campaigns.map { QueryItem("ids", $0) } + [QueryItem("exclude_total_leads_count", "true")]
        return try await client.fetch(APICall(route: Route.analytics, query: query + window + [until(day)]))
    }

    /// What was counted of a campaign on each day from one on, today included.
    func daily(of campaign: String, since day: Day) async throws(APIError) -> [InstantlyDay] {
        let start = max("\(day)", client.account.startDate ?? "")
        let query = [QueryItem("campaign_id", campaign), QueryItem("start_date", start)]
        let tomorrow = Day(containing: client.now().seconds).advanced(by: 1)
        return try await client.fetch(APICall(route: Route.daily, query: query + [until(tomorrow)], missing: .gone()))
    }

    /// The numbers of each variant of each step of a campaign, where a day is given until it begins.
    func steps(of campaign: String, until day: Day? = nil) async throws(APIError) -> [InstantlyStep] {
        var query = [QueryItem("campaign_id", campaign), QueryItem("include_opportunities_count", "true")] + window
        if let day { query.append(until(day)) }
        return try await client.fetch(APICall(route: Route.steps, query: query, missing: .gone()))
    }

    /// Every sending account.
    func accounts() async throws(APIError) -> [InstantlyAccount] {
        try await listing(of: Route.accounts)
    }

    /// The warm-up totals of at most 100 accounts.
    func warmup(of emails: [String]) async throws(APIError) -> InstantlyWarmup {
        try await client.fetch(.post(Route.warmup, ["emails": emails]))
    }

    /// The set-up checks of the domains of some accounts.
    func vitals(of emails: [String]) async throws(APIError) -> InstantlyVitals {
        try await client.fetch(.post(Route.vitals, ["accounts": emails]))
    }

    /// Dates are optional here: without them totals are of all time.
    private var window: [QueryItem] {
        client.account.startDate.map { [QueryItem("start_date", $0)] } ?? []
    }

    /// A date is the first instant of its day in UTC, also where it ends a span.
    private func until(_ day: Day) -> QueryItem { QueryItem("end_date", "\(day)") }

    /// Follows the cursor until it is gone, a page is empty or the cursor stays: the last full page may carry one.
    private func listing<Row: JSONDecodable & Identifiable>(of route: String) async throws(APIError) -> [Row]
    where Row.ID == String {
        try await Listing.all(repeatedCursorEnds: true) { cursor async throws(APIError) in
            let query = [Self.pageSize] + (cursor.map { [$0] } ?? [])
            let page: InstantlyPage<Row> = try await client.fetch(APICall(route: route, query: query))
            let next = page.items.isEmpty ? nil : page.next
            return Page(rows: page.items, next: next.map { QueryItem("starting_after", $0) })
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
        default: "Instantly forbids this: check the key scopes (campaigns:read, accounts:read), plan or User-Agent"
        }
    }
}
