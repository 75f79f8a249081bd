// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
internal import Outreach

/// Collects from a lemlist team.
struct LemlistSource: AccountSource {
    let api: LemlistAPI
    private let batchRoute = RouteSuspension()
    private let lemwarmRoute = RouteSuspension()

    /// The maximum of the batch route.
    let detailBatch = 100
    /// Rows have no counters, and a batch is cheap.
    let listingShowsChange = false

    private var account: AccountSettings { api.client.account }
    var facts: AccountFacts { api.client.facts }

    func probe() async -> Probe {
        var probe = Probe()
        let campaign = await probe.send(for: .campaigns) { () async throws(APIError) in try await api.firstCampaign() }
        await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
            try await api.batch(of: [campaign.id], through: api.client.today)
        }
        await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
            try await api.stats(of: campaign.id, through: api.client.today)
        }
        guard account.mailboxes else { return probe }
        let user = await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.users().first }
        let mailboxes = await probe.send(for: .mailboxes, of: user) { user async throws(APIError) in
            try await api.mailboxes(of: user)
        }
        let warming = mailboxes.map { $0?.first(where: \.hasMovingScore) }
        await probe.send(for: .mailboxes, of: warming) { mailbox async throws(APIError) in
            try await lemwarm(of: mailbox)
        }
        return probe
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        LemlistMapping.listing(try await api.campaigns())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        let details = try await details(of: campaigns, through: api.client.today, steps: account.steps)
        return SourceResult(details, needing: LemlistMapping.stats)
    }

    /// Fetches the stats up to the end of a day in a batch, and one by one those that the batch does not contain.
    func details(
        of campaigns: [String],
        through day: Day,
        steps: Bool
    ) async throws(APIError) -> [String: Result<Campaign, APIError>] {
        let requested = Set(campaigns)
        var details: [String: Result<Campaign, APIError>] = [:]
        for stats in try await batch(of: campaigns, through: day) {
            guard let id = stats.campaign, requested.contains(id) else { continue }
            details[id] = .success(LemlistMapping.detail(id, stats, steps: steps))
        }
        let single = try await campaigns.filter { details[$0] == nil }.results { id async throws(APIError) in
            LemlistMapping.detail(id, try await api.stats(of: id, through: day), steps: steps)
        }
        return details.merging(single) { batched, _ in batched }
    }

    /// The results of the batch route; none while it is unavailable.
    private func batch(of campaigns: [String], through day: Day) async throws(APIError) -> [LemlistStats] {
        guard batchRoute.error(at: api.client.now) == nil else { return [] }
        do throws(APIError) {
            return try await api.batch(of: campaigns, through: day)
        } catch {
            switch error.kind {
            // Sixty times as many requests do not help where there are too many, or where nothing comes through.
            case .throttled, .blocked, .unreachable, .busy, .cancelled: throw error
            // The route is a shortcut: whatever it answers, the documented one tells what is really wrong.
            default: batchRoute.suspend(with: error, at: api.client.now)
            }
            return []
        }
    }

    let hasSendingStatus = true
    let rationedRoutes: Set = [LemlistAPI.Route.statutes]
    let supplementaryRoutes: Set = [LemlistAPI.Route.statutes, LemlistAPI.Route.credits]

    func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus? {
        LemlistMapping.sendingStatus(try await api.statutes(of: campaign))
    }

    let hasPlan = true

    func plan() async throws(APIError) -> [PlanQuantity] { try await api.plan() }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let users = try await api.users().uniqued()
        let listed = try await users.concurrentResults { user async throws(APIError) in
            try await api.mailboxes(of: user)
        }
        let failures = listed.compactMap(\.error)
        if let first = failures.first, failures.count == listed.count { throw first }
        let rows = listed.compactMap { try? $0.get() }.flatMap(\.self).uniqued()
        let warming = rows.filter(\.hasMovingScore)
        let warmups = Dictionary(
            zip(
                warming,
                try await lemwarmRoute.results(of: warming, at: api.client.now) { row async throws(APIError) in
                    try await lemwarm(of: row)
                }
            )
        ) { first, _ in first }
        let mailboxes = rows.map { row in
            (LemlistMapping.mailbox(row, (try? warmups[row]?.get()).flatMap(\.self)), warmups[row]?.error)
        }
        var result = SourceResult(MailboxGroup(mailboxes: mailboxes.compactMap(\.0)))
        result.failures = failures + rows.map(\.address).missingAddress(in: LemlistAPI.Route.user)
        for (mailbox, error) in mailboxes {
            if let mailbox, let error { result.incomplete[mailbox.address] = error }
        }
        return result
    }

    private func lemwarm(of mailbox: LemlistMailbox) async throws(APIError) -> Measures<MailboxMeasure>? {
        guard mailbox.hasMovingScore, let id = mailbox.id else { return nil }
        return try await api.lemwarm(of: id)
    }
}

extension LemlistMailbox {
    /// Whether it is warming up: the score of others does not move.
    fileprivate var hasMovingScore: Bool { hasLemwarm && isWarming != false }
}

/// The history of a lemlist team: the stats up to the end of earlier days.
struct LemlistHistory: AccountHistory {
    let source: LemlistSource

    func parts(steps: Bool) -> [HistoryPart] {
        [
            .totals("stats", batch: source.detailBatch) { day, campaigns async throws(APIError) in
                try await source.details(of: campaigns, through: day.advanced(by: -1), steps: steps)
                    .mapValues { $0.map { CampaignTotals($0) } }
            }
        ]
    }
}

/// lemlist (lemlist.com).
package enum Lemlist: ProviderKind {
    package static let name = "lemlist"
    package static let title = "lemlist"
    package static let keyVariable = "LEMLIST_API_KEY"
    package static let baseURL: String? = "https://api.lemlist.com/api"
    /// Documented are 20 requests per 2 seconds.
    package static let requestsPerSecond = 8.0

    package static let options = [
        ProviderOption("channels", .list(of: ["email", "linkedin", "others"]), "Count only these channels."),
        ProviderOption(
            "send_user",
            .text(check: sendUserProblem),
            "Count only what this sender sent, as `usr_…|address`."
        ),
        ProviderOption("ab_selected", .choice(["A", "B"]), "Count only this version of A/B tests."),
    ]

    package static let fields =
        LemlistMapping.labels.map(\.source) + LemlistMapping.listed.sources + LemlistMapping.stats.sources
        + LemlistMapping.steps.sources + LemlistMapping.mailbox.sources + LemlistMapping.lemwarm.sources
        + LemlistMapping.plan.map(\.source)

    package static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        LemlistSource(api: LemlistAPI(account, context))
    }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        LemlistHistory(source: LemlistSource(api: LemlistAPI(account, context)))
    }

    private static func sendUserProblem(_ text: String) -> String? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let isComplete = parts.count == 2 && parts[0].hasPrefix("usr_") && parts[1].contains("@")
        return isComplete ? nil : "must be `usr_…|address`, the sender's id and address"
    }
}
