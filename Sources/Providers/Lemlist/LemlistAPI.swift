// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import FoundationEssentials
internal import HTTPClient
internal import Outreach

/// The calls to lemlist: routes, authentication, paging, and what its refusals mean.
struct LemlistAPI: Sendable {
    private let client: APIClient

    /// The routes, as documented at developer.lemlist.com; the stats exist only under `/v2`.
    enum Route {
        static let campaigns = "/campaigns"
        static let stats = "/v2/campaigns/{id}/stats"
        static let batch = "/v2/campaigns/stats/batch"
        static let team = "/team"
        static let user = "/users/{id}"
        static let lemwarm = "/lemwarm/{id}/settings"
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
            failure: Self.failure
        )
    }

    /// Every campaign, oldest first so that new ones never shift the pages.
    func campaigns() async throws(APIError) -> [LemlistCampaign] {
        try await Listing.all { cursor async throws(APIError) in
            let query = [
                QueryItem("version", "v2"), QueryItem("limit", String(Self.pageSize)),
                QueryItem("sortBy", "createdAt"), QueryItem("sortOrder", "asc"), cursor ?? QueryItem("offset", "0"),
            ]
            let page: LemlistPage = try await client.fetch(
                APICall(route: Route.campaigns, query: query, missing: .refused)
            )
            return Page(
                rows: page.campaigns,
                next: try page.next(after: cursor, size: Self.pageSize),
                total: page.total
            )
        }
    }

    /// The stats of at most 100 campaigns until a day ends; those in trouble are left out.
    func batch(of campaigns: [String], until day: String) async throws(APIError) -> [LemlistStats] {
        let answer: LemlistBatch = try await client.fetch(.post(Route.batch, filter(day).body(for: campaigns)))
        return answer.results
    }

    /// The stats of one campaign until a day ends.
    func stats(of campaign: String, until day: String) async throws(APIError) -> LemlistStats {
        let missing = APICall.Missing.gone(saying: "campaign not found")
        let query = filter(day).query
        return try await client.fetch(APICall(route: Route.stats, id: campaign, query: query, missing: missing))
    }

    /// The ids of the team's users.
    func users() async throws(APIError) -> [String] {
        let team: LemlistTeam = try await client.fetch(
            APICall(route: Route.team, query: [QueryItem("version", "v2")], missing: .refused)
        )
        return team.users
    }

    /// The mailboxes of a user; none where the user has left meanwhile.
    func mailboxes(of user: String) async throws(APIError) -> [LemlistMailbox] {
        let answer: LemlistUser? = try await present(APICall(route: Route.user, id: user, missing: .gone()))
        return answer?.mailboxes ?? []
    }

    /// The warm-up of a mailbox; `nil` where it was never set up.
    func lemwarm(of mailbox: String) async throws(APIError) -> LemlistLemwarm? {
        try await present(APICall(route: Route.lemwarm, id: mailbox, missing: .gone()))
    }

    private func present<Value: Decodable>(_ call: APICall) async throws(APIError) -> Value? {
        do throws(APIError) {
            return try await client.fetch(call, as: Value.self)
        } catch .gone {
            return nil
        }
    }

    private func filter(_ day: String) -> LemlistFilter { LemlistFilter(client.account, until: day) }

    /// The login is empty, the colon behind it stays.
    private static func headers(_ account: AccountSettings) -> [(name: String, value: String)] {
        let credentials = Data(":\(account.key.value)".utf8).base64EncodedString()
        return [(name: "Authorization", value: "Basic \(credentials)")]
    }

    /// A key without a user is reported as 404, on some routes as 400, and must not pass for a missing campaign.
    private static func failure(_ answer: ErrorResponse) -> APIError {
        let isAboutKey = answer.says("no user found") || answer.says("no api key")
        return [400, 404].contains(answer.status) && isAboutKey
            ? answer.refused(advice(401)) : answer.failure(advice: advice)
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 402: "lemlist asks for payment: check the team's plan"
        case 403: "lemlist has blocked the key's user or forbids this: check the user's role and the team's plan"
        default: "lemlist knows no user for the API key: create a new one under Settings → Integrations"
        }
    }
}

/// Which messages the stats count: the window that lemlist insists on, and the account's options.
struct LemlistFilter: Sendable {
    private let start: String
    private let end: String
    private let channels: [String]?
    private let sendUser: String?
    private let abSelected: String?

    /// The day before which lemlist has no campaigns; there is no way to ask for all time.
    private static let beginning = "2018-01-01"

    /// From the account's start date to the end of a day.
    init(_ account: AccountSettings, until day: String) {
        start = "\(account.startDate ?? Self.beginning)T00:00:00.000Z"
        end = "\(day)T23:59:59.999Z"
        channels = account.options.list("channels")
        sendUser = account.options.text("send_user")
        abSelected = account.options.text("ab_selected")
    }

    /// As a query, where the list of channels is JSON in text.
    var query: [QueryItem] {
        let channels = channels.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let optional = [("channels", channels), ("sendUser", sendUser), ("ABSelected", abSelected)]
        return [QueryItem("startDate", start), QueryItem("endDate", end)]
            + optional.compactMap { name, value in value.map { QueryItem(name, $0) } }
    }

    /// As the body of a batch, where the list of channels is a list.
    func body(for campaigns: [String]) -> some Encodable {
        Body(
            campaignIds: campaigns,
            startDate: start,
            endDate: end,
            channels: channels,
            sendUser: sendUser,
            ABSelected: abSelected
        )
    }

    /// The body's fields as lemlist spells them.
    private struct Body: Encodable {
        let campaignIds: [String]
        let startDate: String
        let endDate: String
        let channels: [String]?
        let sendUser: String?
        let ABSelected: String?
    }
}
