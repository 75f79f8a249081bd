// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import Outreach

/// The calls of EmailBison's API: routes, authentication, paging and advice on refused keys.
struct EmailBisonAPI: Sendable {
    let client: APIClient

    /// The routes (dedi.emailbison.com/api/reference); every instance serves the same.
    enum Route {
        static let campaigns = "/api/campaigns"
        static let stats = "/api/campaigns/{id}/stats"
        static let sequence = "/api/campaigns/v1.1/{id}/sequence-steps"
        static let days = "/api/campaigns/{id}/line-area-chart-stats"
        static let mailboxes = "/api/sender-emails"
        static let warmup = "/api/warmup/sender-emails"
        static let schedules = "/api/campaigns/sending-schedules"
    }

    /// Before every campaign: `/stats` needs a first day, and EmailBison is younger.
    private static let firstDay = "2020-01-01"
    /// The days of warm-up that are counted, today included.
    private static let warmupDays = 7

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(account, context, headers: Self.headers, error: { $0.error(advice: Self.advice) })
    }

    /// The first campaign that is no draft, which has no stats, of the first page; `nil` if there is none.
    func firstCampaign() async throws(APIError) -> EmailBisonCampaign? {
        let call = APICall(route: Route.campaigns, query: Self.page(nil, 1))
        let page: EmailBisonPage<EmailBisonCampaign> = try await client.fetch(call)
        return page.rows.first { !$0.isDraft }
    }

    func someMailboxes() async throws(APIError) -> EmailBisonPage<EmailBisonMailbox> {
        try await client.fetch(APICall(route: Route.mailboxes, query: Self.page(nil, 1), part: .mailboxes))
    }

    func someWarmups() async throws(APIError) -> EmailBisonPage<EmailBisonWarmup> {
        try await client.fetch(
            APICall(route: Route.warmup, query: warmupSpan + Self.page(nil, 1), part: .mailboxes)
        )
    }

    /// All campaigns with their totals.
    func campaigns() async throws(APIError) -> [EmailBisonCampaign] {
        try await list(Route.campaigns, for: .campaigns)
    }

    /// A campaign's totals by step, up to the beginning of a day if one is given; a draft has none and answers 400.
    func stats(of campaign: String, until day: Day? = nil) async throws(APIError) -> EmailBisonStats {
        // Days are included: with tomorrow no time zone loses an event of today.
        let last = day.map { $0.advanced(by: -1) } ?? client.today.advanced(by: 1)
        var call = APICall.post(Route.stats, ["start_date": Self.firstDay, "end_date": "\(last)"], for: .details)
        call.id = campaign
        call.notFound = .gone()
        return try await client.fetch(call)
    }

    /// The steps of a campaign; a variant is a step of its own.
    func sequence(of campaign: String) async throws(APIError) -> [EmailBisonStep] {
        let call = APICall(route: Route.sequence, id: campaign, notFound: .gone(), part: .details)
        return try await client.fetch(call) { try $0.required("data.sequence_steps") }
    }

    /// A campaign's counts per day from a day on, today included; entries without a date are left out.
    ///
    /// The campaign is a part of the path: a filter of the query is ignored by some instances, which then count everything.
    func daily(of campaign: String, since day: Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let first = max("\(day)", client.account.startDate ?? "")
        let span = [
            QueryItem("start_date", first), QueryItem("end_date", "\(client.today.advanced(by: 1))"),
        ]
        let call = APICall(route: Route.days, id: campaign, query: span, notFound: .gone())
        let chart: EmailBisonChart = try await client.fetch(call)
        return client.sums(of: chart.days, from: Route.days, "dates")
    }

    func mailboxes() async throws(APIError) -> [EmailBisonMailbox] {
        try await list(Route.mailboxes, for: .mailboxes)
    }

    /// The warm-ups of all mailboxes over the last days.
    func warmups() async throws(APIError) -> [EmailBisonWarmup] {
        try await list(Route.warmup, warmupSpan, for: .mailboxes)
    }

    /// The messages scheduled for a day, `today`, `tomorrow` or `day_after_tomorrow`, by all campaigns; `nil` if no row tells.
    func scheduled(for day: String) async throws(APIError) -> Double? {
        var sum: Double?
        var next: QueryItem?
        var number = 0
        repeat {
            let query = [QueryItem("day", day)] + (next.map { [$0] } ?? [])
            let call = APICall(route: Route.schedules, query: query, part: .mailboxes)
            let page: EmailBisonPage<EmailBisonSchedule> = try await client.fetch(call)
            number += 1
            let counts = (page.rows.filter { $0.id != nil }.uniqued() + page.rows.filter { $0.id == nil })
                .compactMap(\.messages)
            if !counts.isEmpty || page.rows.isEmpty { sum = counts.reduce(sum ?? 0, +) }
            next = page.next(after: number)
        } while next != nil && number < Self.maxSchedulePages
        return sum
    }

    /// A row per campaign: 15,000 campaigns that send on one day are not known.
    private static let maxSchedulePages = 1_000

    private var warmupSpan: [QueryItem] {
        let today = client.today
        return [
            QueryItem("start_date", "\(today.advanced(by: 1 - Self.warmupDays))"), QueryItem("end_date", "\(today)"),
        ]
    }

    /// Most instances send 15 rows per page, whatever is requested.
    private func list<Row: Decodable & Identifiable>(
        _ route: String,
        _ query: [QueryItem] = [],
        for part: DataPart
    ) async throws(APIError) -> [Row] where Row.ID == String {
        var number = 0
        let size = client.pageSize(of: route)
        return try await Paginator.items(size) { cursor, rows async throws(APIError) in
            number = cursor.flatMap { Int($0.value) } ?? 1
            let call = APICall(route: route, query: query + Self.page(cursor, rows), part: part)
            let page: EmailBisonPage<Row> = try await client.fetch(call)
            return Page(items: page.rows, next: page.next(after: number), total: page.total)
        }
    }

    private static func page(_ cursor: QueryItem?, _ rows: Int) -> [QueryItem] {
        [QueryItem("per_page", String(rows))] + (cursor.map { [$0] } ?? [])
    }

    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        [(name: "Authorization", value: "Bearer \(account.key.value)")]
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "EmailBison asks for payment: check the instance's plan"
        case 403: "EmailBison forbids this: use an api-user key of the workspace, created on the host of base_url"
        default: "EmailBison does not accept the API key: create a new one on the host that base_url names"
        }
    }
}
