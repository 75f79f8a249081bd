// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// The calls of Instantly's API v2: routes, authentication, paging and advice on refused keys.
struct InstantlyAPI: Sendable {
    private let client: APIClient

    /// The routes (developer.instantly.ai).
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

    /// The maximum; with a higher limit the API returns an empty page.
    private static let pageSize = QueryItem("limit", "100")

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(account, context, headers: Self.headers, error: { $0.error(advice: Self.advice) })
    }

    /// Fetches a page with one campaign.
    func probe() async throws(APIError) {
        let call = APICall(route: Route.campaigns, query: [QueryItem("limit", "1")])
        let _: InstantlyPage<InstantlyCampaign> = try await client.fetch(call)
    }

    /// All campaigns.
    func campaigns() async throws(APIError) -> [InstantlyCampaign] {
        try await list(Route.campaigns, for: .campaigns)
    }

    /// The totals of all campaigns in one request; campaigns without events are missing.
    func analytics() async throws(APIError) -> [InstantlyAnalytics] {
        try await client.fetch(APICall(route: Route.analytics, query: startDate))
    }

    /// Events and CRM totals of a campaign, or the sums over several.
    func overview(of campaigns: [String]) async throws(APIError) -> InstantlyOverview {
        var query = campaigns.map { QueryItem(campaigns.count == 1 ? "id" : "ids", $0) } + startDate
        if client.account.options.flag("expand_crm_events") { query.append(QueryItem("expand_crm_events", "true")) }
        return try await client.fetch(APICall(route: Route.overview, query: query, notFound: .gone(), part: .details))
    }

    /// The totals of campaigns up to the beginning of a day.
    func analytics(of campaigns: [String], until day: Day) async throws(APIError) -> [InstantlyAnalytics] {
        let query = campaigns.map { QueryItem("ids", $0) } + [QueryItem("exclude_total_leads_count", "true")]
        return try await client.fetch(APICall(route: Route.analytics, query: query + startDate + [endDate(day)]))
    }

    /// A campaign's counts per day from a day on, today included.
    func daily(of campaign: String, since day: Day) async throws(APIError) -> [InstantlyDay] {
        let start = max("\(day)", client.account.startDate ?? "")
        let query = [QueryItem("campaign_id", campaign), QueryItem("start_date", start)]
        let tomorrow = client.today.advanced(by: 1)
        let call = APICall(route: Route.daily, query: query + [endDate(tomorrow)], notFound: .gone())
        return try await client.fetch(call)
    }

    /// A campaign's totals per step and variant, up to the beginning of a day if one is given.
    func steps(of campaign: String, until day: Day? = nil) async throws(APIError) -> [InstantlyStep] {
        var query = [QueryItem("campaign_id", campaign), QueryItem("include_opportunities_count", "true")] + startDate
        if let day { query.append(endDate(day)) }
        return try await client.fetch(APICall(route: Route.steps, query: query, notFound: .gone(), part: .details))
    }

    /// All sending accounts.
    func accounts() async throws(APIError) -> [InstantlyAccount] {
        try await list(Route.accounts, for: .mailboxes)
    }

    /// The warm-up of at most 100 accounts.
    func warmup(of emails: [String]) async throws(APIError) -> InstantlyWarmup {
        try await client.fetch(.post(Route.warmup, ["emails": emails], for: .mailboxes))
    }

    /// The DNS checks of the domains of accounts.
    func vitals(of emails: [String]) async throws(APIError) -> InstantlyVitals {
        try await client.fetch(.post(Route.vitals, ["accounts": emails], for: .domainChecks))
    }

    /// Optional: without it the totals are of all time.
    private var startDate: [QueryItem] {
        client.account.startDate.map { [QueryItem("start_date", $0)] } ?? []
    }

    /// A date means the first instant of its day in UTC, also as the end of a range.
    private func endDate(_ day: Day) -> QueryItem { QueryItem("end_date", "\(day)") }

    /// Ends without a cursor, at an empty page, or at a repeated cursor: a full last page may have a cursor.
    private func list<Item: JSONDecodable & Identifiable>(
        _ route: String,
        for part: DataPart
    ) async throws(APIError) -> [Item] where Item.ID == String {
        try await Paginator.items(repeatedCursorEnds: true) { cursor async throws(APIError) in
            let query = [Self.pageSize] + (cursor.map { [$0] } ?? [])
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
        default: "Instantly forbids this: check the key scopes (campaigns:read, accounts:read), plan or User-Agent"
        }
    }
}
