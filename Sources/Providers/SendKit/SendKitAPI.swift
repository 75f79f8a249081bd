// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import Backfill
internal import Outreach

/// The calls to SendKit: routes, authentication, paging, and what its refusals mean.
struct SendKitAPI: Sendable {
    private let client: APIClient

    /// The routes, as documented at sendkit.ai.
    enum Route {
        static let campaigns = "/v1/campaigns"
        static let analytics = "/v1/campaigns/{id}/analytics"
        static let daily = "/v1/analytics/daily/campaigns/{id}"
        static let mailboxes = "/v1/mailboxes"
        static let warmup = "/v1/warmup/stats"
    }

    private static let pageSize = 100

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
        let _: SendKitEnvelope<[SendKitCampaign]> = try await client.fetch(call)
    }

    /// Every campaign.
    func campaigns() async throws(APIError) -> [SendKitCampaign] {
        try await listing(of: Route.campaigns) { (rows: [SendKitCampaign]) in rows }
    }

    /// What was counted of a campaign on each day from one on, today included.
    func daily(of campaign: String, since day: Day) async throws(APIError) -> [SendKitDay] {
        let tomorrow = Day(containing: client.now().seconds).advanced(by: 1)
        let from = max("\(day)", client.account.startDate ?? "")
        let span = [QueryItem("from", from), QueryItem("to", "\(tomorrow)")]
        let call = APICall(route: Route.daily, id: campaign, query: span, missing: .gone())
        let envelope: SendKitEnvelope<[SendKitDay]> = try await client.fetch(call)
        return envelope.data
    }

    /// The numbers of a campaign, where a day is given until it begins.
    func analytics(of campaign: String, until day: Day? = nil) async throws(APIError) -> SendKitAnalytics {
        let from = client.account.startDate.map { [QueryItem("from", $0)] } ?? []
        let to = day.map { [QueryItem("to", "\($0)T00:00:00.000Z")] } ?? []
        let call = APICall(route: Route.analytics, id: campaign, query: from + to, missing: .gone())
        let envelope: SendKitEnvelope<SendKitAnalytics> = try await client.fetch(call)
        return envelope.data
    }

    /// Every mailbox, with the set-up checks of its domain.
    func mailboxes() async throws(APIError) -> [SendKitMailbox] {
        try await listing(of: Route.mailboxes) { (rows: [SendKitMailbox]) in rows }
    }

    /// The warm-up of every mailbox that has one.
    func warmups() async throws(APIError) -> [SendKitWarmup] {
        try await listing(of: Route.warmup) { (answer: SendKitWarmups) in answer.mailboxes }
    }

    private func listing<Payload: Decodable, Row: Identifiable>(
        of route: String,
        rows: (Payload) -> [Row]
    ) async throws(APIError) -> [Row] where Row.ID == String {
        try await Listing.all { cursor async throws(APIError) in
            let query = [QueryItem("limit", String(Self.pageSize))] + (cursor.map { [$0] } ?? [])
            let envelope: SendKitEnvelope<Payload> = try await client.fetch(APICall(route: route, query: query))
            let rows = rows(envelope.data)
            guard let pagination = envelope.pagination else {
                return try unpaged(rows)
            }
            return Page(rows: rows, next: try pagination.next, total: pagination.total)
        }
    }

    /// A full page that does not say whether it is the last may be a part only.
    private func unpaged<Row>(_ rows: [Row]) throws(APIError) -> Page<Row> {
        guard rows.count < Self.pageSize else { throw .invalid(status: 200, reason: "a full page without pagination") }
        return Page(rows: rows, next: nil)
    }

    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        let workspace = account.options.text("workspace").map { [(name: "X-Workspace-Id", value: $0)] } ?? []
        return [(name: "X-Api-Key", value: account.key.value)] + workspace
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "SendKit asks for payment: check the workspace's plan"
        case 403: "SendKit forbids this: a platform key (sk_user_…) needs the option workspace, a workspace key none"
        default: "SendKit does not accept the API key: create a new one (sk_… or sk_user_…) in its settings"
        }
    }
}
