// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach
internal import Synchronization

/// The calls of Smartlead's API v1: routes, paging and advice on refused keys.
///
/// The key is a parameter of every URL; there is no header for it. The client adds it, so that no call holds it.
struct SmartleadAPI: Sendable {
    let client: APIClient
    private let stepsRoute = StepsRoute()

    /// The routes (api.smartlead.ai/reference).
    enum Route {
        static let campaigns = "/campaigns/"
        static let overall = "/analytics/campaign/overall-stats"
        static let analytics = "/campaigns/{id}/analytics"
        static let steps = "/campaigns/{id}/sequence-analytics"
        static let sequences = "/campaigns/{id}/sequences"
        static let days = "/analytics/day-wise-overall-stats"
        static let mailboxes = "/email-accounts/"
        static let health = "/analytics/mailbox/name-wise-health-metrics"
    }

    /// Before every campaign: Smartlead is younger; the widest range is not documented.
    private static let firstDay = "2020-01-01"

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(
            account,
            context,
            parameters: { [QueryItem("api_key", $0.key.value)] },
            error: { $0.error(advice: Self.advice) }
        )
    }

    /// The first campaign; `nil` if there is none.
    func firstCampaign() async throws(APIError) -> SmartleadCampaign? {
        let call = APICall(route: Route.campaigns, query: [QueryItem("limit", "1")])
        let rows: [SmartleadCampaign] = try await client.fetch(call)
        return rows.first
    }

    /// The number of campaigns on a page of the totals.
    func someTotals() async throws(APIError) -> Int {
        let call = APICall(route: Route.overall, query: lifetime + Self.page(1, 0))
        let response: SmartleadList<SmartleadTotals> = try await client.fetch(call)
        return response.rows.count
    }

    /// The number of mailboxes on a page.
    func someMailboxes() async throws(APIError) -> Int {
        let call = APICall(route: Route.mailboxes, query: Self.page(1, 0), part: .mailboxes)
        let rows: [SmartleadMailbox] = try await client.fetch(call)
        return rows.count
    }

    /// The number of mailboxes on a page of the totals.
    func someMailboxTotals() async throws(APIError) -> Int {
        let call = APICall(route: Route.health, query: lifetime + Self.page(1, 0), part: .mailboxes)
        let response: SmartleadList<SmartleadMailboxTotal> = try await client.fetch(call)
        return response.rows.count
    }

    /// All campaigns, without numbers.
    func campaigns() async throws(APIError) -> [SmartleadCampaign] {
        try await list(Route.campaigns, for: .campaigns) { (rows: [SmartleadCampaign]) in rows }
    }

    /// Totals of all campaigns that have any, which show what moved.
    func totals() async throws(APIError) -> [SmartleadTotals] {
        try await list(Route.overall, lifetime, for: .campaigns, rows: \SmartleadList.rows)
    }

    /// A campaign's totals.
    ///
    /// - Throws: `APIError.gone` for an answer without anything, which is how Smartlead says that there is no such campaign.
    func analytics(of campaign: String) async throws(APIError) -> SmartleadAnalytics {
        let call = APICall(route: Route.analytics, id: campaign, notFound: .gone(), part: .details)
        let response: SmartleadAnswer<SmartleadAnalytics> = try await client.fetch(call)
        guard let analytics = response.value else { throw APIError.gone.of(Route.analytics, for: .details) }
        return analytics
    }

    /// A campaign's totals by step, up to the beginning of a day if one is given.
    ///
    /// The route is missing from the newer reference: where it does not exist, it is not requested again for an hour.
    ///
    /// One answer that it does not may be about the campaign.
    func steps(of campaign: String, until day: Day? = nil) async throws(APIError) -> [SmartleadStep] {
        if let error = stepsRoute.suspension.error(at: client.now) { throw error }
        let end = day.map { "\($0.advanced(by: -1)) 23:59:59" } ?? "\(client.today.advanced(by: 1)) 00:00:00"
        let query = [
            QueryItem("start_date", "\(Self.firstDay) 00:00:00"), QueryItem("end_date", end),
            QueryItem("time_zone", "UTC"),
        ]
        do throws(APIError) {
            let call = APICall(route: Route.steps, id: campaign, query: query, part: .details)
            let rows: [SmartleadStep] = try await client.fetch(call) { try $0.required("data") }
            stepsRoute.exists()
            return rows
        } catch {
            if case .rejected(404, _) = error.kind, stepsRoute.isMissing(for: campaign) {
                stepsRoute.suspension.suspend(with: error, at: client.now)
            }
            throw error
        }
    }

    func sequence(of campaign: String) async throws(APIError) -> [SmartleadSequenceStep] {
        try await client.fetch(APICall(route: Route.sequences, id: campaign, notFound: .gone(), part: .details))
    }

    /// A campaign's counts per day from a day on, today included; rows without a date are left out.
    func daily(of campaign: String, since day: Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let query = [
            QueryItem("start_date", max("\(day)", client.account.startDate ?? "")),
            QueryItem("end_date", "\(client.today.advanced(by: 1))"), QueryItem("timezone", "UTC"),
            QueryItem("campaign_ids", campaign),
        ]
        let call = APICall(route: Route.days, query: query, notFound: .gone())
        let response: SmartleadList<SmartleadDay> = try await client.fetch(call)
        return client.sums(of: response.rows.map { ($0.day, $0.measures) }, from: Route.days, "date")
    }

    /// All mailboxes; answers hold their passwords, which nothing decodes.
    func mailboxes() async throws(APIError) -> [SmartleadMailbox] {
        try await list(Route.mailboxes, for: .mailboxes) { (rows: [SmartleadMailbox]) in rows }
    }

    /// Totals of all mailboxes that have any.
    func mailboxTotals() async throws(APIError) -> [SmartleadMailboxTotal] {
        try await list(Route.health, lifetime, for: .mailboxes, rows: \SmartleadList.rows)
    }

    private var lifetime: [QueryItem] {
        [
            QueryItem("start_date", Self.firstDay), QueryItem("end_date", "\(client.today.advanced(by: 1))"),
            QueryItem("timezone", "UTC"), QueryItem("full_data", "true"),
        ]
    }

    private static func page(_ limit: Int, _ offset: Int) -> [QueryItem] {
        [QueryItem("limit", String(limit)), QueryItem("offset", String(offset))]
    }

    /// Reads pages until one is not full, or longer than requested: some routes are documented without paging, and send
    /// everything whatever is asked.
    private func list<Payload: Decodable, Row: Identifiable>(
        _ route: String,
        _ query: [QueryItem] = [],
        for part: DataPart,
        rows: @escaping (Payload) -> [Row]
    ) async throws(APIError) -> [Row] where Row.ID == String {
        var first: String?
        func fetch(_ limit: Int, _ offset: Int) async throws(APIError) -> [Row] {
            let call = APICall(route: route, query: query + Self.page(limit, offset), part: part)
            return rows(try await client.fetch(call, as: Payload.self))
        }
        let size = client.pageSize(of: route)
        return try await Paginator.items(size) { cursor, limit async throws(APIError) in
            let offset = cursor.flatMap { Int($0.value) } ?? 0
            let found = try await fetch(limit, offset)
            if offset == 0 { first = found.first?.id }
            if found.count < limit || found.ids.count > limit { return Page(items: found, next: nil) }
            // As many rows as requested that begin again from the first may be everything there is.
            if offset == limit, first == found.first?.id, limit > 1 {
                let fewer = try await fetch(limit - 1, offset)
                if fewer.ids.count == limit { return Page(items: found, next: nil) }
            }
            return Page(items: found, next: QueryItem("offset", String(offset + limit)))
        }
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "Smartlead asks for payment: check that the plan includes the API"
        case 403: "Smartlead forbids this: check the plan, and whose key it is: a client's key sees its campaigns only"
        default: "Smartlead does not accept the API key: create a new one in the settings under API keys"
        }
    }
}

/// Whether the route of steps exists, as far as answers tell.
private final class StepsRoute: Sendable {
    private struct State {
        var isKnown = false
        /// The campaigns about which it answered that it does not exist.
        var missing: Set<String> = []
    }

    let suspension = RouteSuspension()
    private let state = Mutex(State())

    /// So many campaigns are not all gone at once.
    private static let enough = 3

    func exists() { state.withLock { $0.isKnown = true } }

    /// Records that the route does not exist for a campaign; returns whether it then exists for none.
    func isMissing(for campaign: String) -> Bool {
        state.withLock { state in
            state.missing.insert(campaign)
            return !state.isKnown && state.missing.count >= Self.enough
        }
    }
}

extension Array where Element: Identifiable {
    /// The identities of the elements, each once.
    fileprivate var ids: Set<Element.ID> { Set(map(\.id)) }
}
