// SPDX-License-Identifier: Apache-2.0

internal import Backfill
internal import Collection
internal import FoundationEssentials
internal import Outreach

/// The calls of lemlist's API: routes, authentication, paging and advice on refused keys.
struct LemlistAPI: Sendable {
    let client: APIClient

    /// The routes (developer.lemlist.com); stats exist only under `/v2`.
    enum Route {
        static let campaigns = "/campaigns"
        static let stats = "/v2/campaigns/{id}/stats"
        static let batch = "/v2/campaigns/stats/batch"
        static let statutes = "/campaigns/{id}/statutes"
        static let team = "/team"
        static let credits = "/team/credits"
        static let user = "/users/{id}"
        static let lemwarm = "/lemwarm/{id}/settings"
    }

    init(_ account: AccountSettings, _ context: ProviderContext) {
        client = APIClient(account, context, headers: Self.headers, error: Self.error)
    }

    /// All campaigns, oldest first, so that a new one does not move others to another page.
    func campaigns() async throws(APIError) -> [LemlistCampaign] {
        let size = client.pageSize(of: Route.campaigns)
        return try await Paginator.items(size) { cursor, rows async throws(APIError) in
            let query = [
                QueryItem("version", "v2"), QueryItem("limit", String(rows)),
                QueryItem("sortBy", "createdAt"), QueryItem("sortOrder", "asc"), cursor ?? QueryItem("offset", "0"),
            ]
            let page: LemlistPage = try await client.fetch(
                APICall(route: Route.campaigns, query: query, notFound: .refusedIfEmpty)
            )
            return Page(items: page.campaigns, next: try page.next(after: cursor, size: rows), total: page.total)
        }
    }

    /// The first campaign; `nil` if there is none.
    func firstCampaign() async throws(APIError) -> LemlistCampaign? {
        let query = [QueryItem("version", "v2"), QueryItem("limit", "1"), QueryItem("offset", "0")]
        let page: LemlistPage = try await client.fetch(
            APICall(route: Route.campaigns, query: query, notFound: .refusedIfEmpty)
        )
        return page.campaigns.first
    }

    /// The stats of at most 100 campaigns up to the end of a day; campaigns with errors are missing.
    func batch(of campaigns: [String], through day: Day) async throws(APIError) -> [LemlistStats] {
        var filter = filter(day)
        filter.campaigns = campaigns
        let call = APICall.post(Route.batch, filter, for: .details)
        return try await client.fetch(call) { try $0.required("results") }
    }

    /// The stats of a campaign up to the end of a day.
    func stats(of campaign: String, through day: Day) async throws(APIError) -> LemlistStats {
        let notFound = APICall.NotFound.gone(saying: "campaign not found")
        let query = filter(day).query
        return try await client.fetch(
            APICall(route: Route.stats, id: campaign, query: query, notFound: notFound, part: .details)
        )
    }

    /// What lemlist says about the state of a campaign.
    func statutes(of campaign: String) async throws(APIError) -> [LemlistStatute] {
        let call = APICall(route: Route.statutes, id: campaign, notFound: .gone(), part: .sendingStates)
        return try await client.fetch(call) { try $0.list("statutes") }
    }

    /// The credits that the team has left.
    func plan() async throws(APIError) -> [PlanQuantity] {
        let call = APICall(route: Route.credits, notFound: .refusedIfEmpty, part: .planLimits)
        return try await client.fetch(call) { $0.plan(LemlistMapping.plan) }
    }

    func users() async throws(APIError) -> [String] {
        let team: LemlistTeam = try await client.fetch(
            APICall(route: Route.team, query: [QueryItem("version", "v2")], notFound: .refusedIfEmpty, part: .mailboxes)
        )
        return team.users
    }

    /// The mailboxes of a user; none if the user no longer exists.
    func mailboxes(of user: String) async throws(APIError) -> [LemlistMailbox] {
        let call = APICall(route: Route.user, id: user, notFound: .gone(), part: .mailboxes)
        return try await fetchIfPresent(call) { try $0.list("mailboxes") } ?? []
    }

    /// The warm-up of a mailbox, of which the documented schema and example share only the score; `nil` if it was never
    /// set up.
    func lemwarm(of mailbox: String) async throws(APIError) -> Measures<MailboxMeasure>? {
        let call = APICall(route: Route.lemwarm, id: mailbox, notFound: .gone(), part: .mailboxes)
        return try await fetchIfPresent(call) { $0.measures(LemlistMapping.lemwarm) }
    }

    private func fetchIfPresent<Value>(
        _ call: APICall,
        _ read: (JSONObject) throws -> Value
    ) async throws(APIError) -> Value? {
        do throws(APIError) {
            return try await client.fetch(call, read)
        } catch {
            if error == .gone { return nil }
            throw error
        }
    }

    private func filter(_ day: Day) -> LemlistFilter { LemlistFilter(client.account, through: day) }

    /// HTTP basic authentication with an empty user name.
    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        let credentials = Data(":\(account.key.value)".utf8).base64EncodedString()
        return [(name: "Authorization", value: "Basic \(credentials)")]
    }

    /// A key without a user is reported as 404, on some routes as 400, and must not pass for a missing campaign.
    private static func error(_ response: ErrorResponse) -> APIError {
        response.isAmbiguous && response.says("no user found")
            ? response.refused(advice(401)) : response.error(advice: advice)
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "lemlist asks for payment: check the team's plan"
        case 403: "lemlist has blocked the key's user or forbids this: check the user's role and the team's plan"
        case 404:
            "lemlist knows no user for the API key, or base_url is wrong: create a new key under Settings → Integrations, "
                + "and leave base_url out"
        default: "lemlist knows no user for the API key: create a new one under Settings → Integrations"
        }
    }
}

/// The messages that stats count: the required range of dates, and the account's options.
///
/// It encodes as the body of a batch.
struct LemlistFilter: Sendable, Encodable {
    /// The campaigns of a batch; `nil` for a query.
    var campaigns: [String]?
    private let start: String
    private let end: String
    private let channels: [String]?
    private let sendUser: String?
    private let abSelected: String?

    /// Before lemlist's first campaign; the API has no parameter for all time.
    private static let firstDate = "2018-01-01"

    /// From the account's start date to the end of a day.
    init(_ account: AccountSettings, through day: Day) {
        start = "\(account.startDate ?? Self.firstDate)T00:00:00.000Z"
        end = "\(day)T23:59:59.999Z"
        channels = account.options.list("channels")
        sendUser = account.options.text("send_user")
        abSelected = account.options.text("ab_selected")
    }

    /// As a query, with the channels as a JSON array.
    var query: [QueryItem] {
        let channels = channels.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let optional = [("channels", channels), ("sendUser", sendUser), ("ABSelected", abSelected)]
        return [QueryItem("startDate", start), QueryItem("endDate", end)]
            + optional.compactMap { name, value in value.map { QueryItem(name, $0) } }
    }

    private enum CodingKeys: String, CodingKey {
        case channels, sendUser
        case campaigns = "campaignIds"
        case start = "startDate"
        case end = "endDate"
        case abSelected = "ABSelected"
    }
}
