// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// The calls of SendKit's API v1: routes, authentication, paging and advice on refused keys.
struct SendKitAPI: Sendable {
    let client: APIClient

    /// The routes (sendkit.ai, API documentation).
    enum Route {
        static let campaigns = "/v1/campaigns"
        static let analytics = "/v1/campaigns/{id}/analytics"
        static let daily = "/v1/analytics/daily/campaigns/{id}"
        static let workspaces = "/v1/workspaces"
        static let mailboxes = "/v1/mailboxes"
        static let mailboxTotals = "/v1/analytics/mailboxes"
        static let warmup = "/v1/warmup/stats"
    }

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(account, context, headers: Self.headers, error: Self.error)
    }

    /// The first campaign; `nil` if there is none.
    func firstCampaign() async throws(APIError) -> SendKitCampaign? {
        let campaigns: [SendKitCampaign] = try await first(Route.campaigns, for: .campaigns)
        return campaigns.first
    }

    /// The first mailbox; `nil` if there is none.
    func firstMailbox() async throws(APIError) -> SendKitMailbox? {
        let mailboxes: [SendKitMailbox] = try await first(Route.mailboxes, for: .mailboxes)
        return mailboxes.first
    }

    /// The warm-up of the first mailbox that has one; `nil` if there is none.
    func firstWarmup() async throws(APIError) -> SendKitWarmup? {
        let response: SendKitWarmups = try await first(Route.warmup, for: .mailboxes)
        return response.mailboxes.first
    }

    /// The payload of a page with one row.
    private func first<Payload: Decodable>(_ route: String, for part: DataPart) async throws(APIError) -> Payload {
        let call = APICall(route: route, query: [QueryItem("limit", "1")], part: part)
        let envelope: SendKitEnvelope<Payload> = try await client.fetch(call)
        return envelope.data
    }

    func campaigns() async throws(APIError) -> [SendKitCampaign] {
        try await list(Route.campaigns, for: .campaigns) { (campaigns: [SendKitCampaign]) in campaigns }
    }

    /// A campaign's counts per day from a day on, today included; rows without a date are left out.
    func daily(
        of campaign: String,
        since day: Day
    ) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let tomorrow = client.today.advanced(by: 1)
        let from = max("\(day)", client.account.startDate ?? "")
        let span = [QueryItem("from", from), QueryItem("to", "\(tomorrow)")]
        let call = APICall(route: Route.daily, id: campaign, query: span, notFound: .gone())
        let envelope: SendKitEnvelope<[SendKitDay]> = try await client.fetch(call)
        return client.sums(of: envelope.data.map { ($0.day, $0.measures) }, from: Route.daily, "_id")
    }

    /// A campaign's totals, up to the beginning of a day if one is given.
    func analytics(of campaign: String, until day: Day? = nil) async throws(APIError) -> SendKitAnalytics {
        let from = client.account.startDate.map { [QueryItem("from", $0)] } ?? []
        let to = day.map { [QueryItem("to", $0.lastInstantBefore)] } ?? []
        let call = APICall(route: Route.analytics, id: campaign, query: from + to, notFound: .gone(), part: .details)
        let envelope: SendKitEnvelope<SendKitAnalytics> = try await client.fetch(call)
        return envelope.data
    }

    func workspaces() async throws(APIError) -> [SendKitWorkspace] {
        let response: SendKitWorkspaces = try await client.fetch(APICall(route: Route.workspaces, part: .labels))
        return response.workspaces
    }

    /// All mailboxes, with the DNS checks of their domains.
    func mailboxes() async throws(APIError) -> [SendKitMailbox] {
        try await list(Route.mailboxes, for: .mailboxes) { (mailboxes: [SendKitMailbox]) in mailboxes }
    }

    /// The totals of all mailboxes in one array, which has no pages.
    func mailboxTotals() async throws(APIError) -> [SendKitMailboxTotals] {
        let call = APICall(route: Route.mailboxTotals, part: .mailboxes)
        let envelope: SendKitEnvelope<[SendKitMailboxTotals]> = try await client.fetch(call)
        return envelope.data
    }

    /// The warm-ups of all mailboxes that have one.
    func warmups() async throws(APIError) -> [SendKitWarmup] {
        try await list(Route.warmup, for: .mailboxes) { (response: SendKitWarmups) in response.mailboxes }
    }

    private func list<Payload: Decodable, Item: Identifiable>(
        _ route: String,
        for part: DataPart,
        items: (Payload) -> [Item]
    ) async throws(APIError) -> [Item] where Item.ID == String {
        let size = client.pageSize(of: route)
        return try await Paginator.items(size) { cursor, rows async throws(APIError) in
            let query = [QueryItem("limit", String(rows))] + (cursor.map { [$0] } ?? [])
            let envelope: SendKitEnvelope<Payload> = try await client.fetch(
                APICall(route: route, query: query, part: part)
            )
            let items = items(envelope.data)
            guard let pagination = envelope.pagination else { return try unpaginated(items, rows) }
            return Page(items: items, next: try pagination.next, total: pagination.total)
        }
    }

    /// Without pagination a full page may be incomplete.
    private func unpaginated<Item>(_ items: [Item], _ rows: Int) throws(APIError) -> Page<Item> {
        guard items.count < rows else { throw .invalid(status: 200, reason: "a full page without pagination") }
        return Page(items: items, next: nil)
    }

    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        let workspace = account.options.text("workspace").map { [(name: "X-Workspace-Id", value: $0)] } ?? []
        return [(name: "X-Api-Key", value: account.key.value)] + workspace
    }

    /// A platform key without a workspace is reported as 400.
    private static func error(_ response: ErrorResponse) -> APIError {
        response.isAmbiguous && response.says("x-workspace-id")
            ? response.refused(advice(403)) : response.error(advice: advice)
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "SendKit asks for payment: check the workspace's plan"
        case 403: "SendKit forbids this: a platform key (sk_user_…) needs the option workspace, a workspace key none"
        default: "SendKit does not accept the API key: create a new one (sk_… or sk_user_…) in its settings"
        }
    }
}
