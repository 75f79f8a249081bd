// SPDX-License-Identifier: Apache-2.0

package import Collection
package import HTTPClient
package import Backfill
internal import Outreach

/// A SendKit workspace as the collector asks it.
struct SendKitSource: AccountSource {
    let account: AccountSettings
    let api: SendKitAPI

    let detailBatch = 1
    /// The rows carry counters; the newest version's few show sends at once, other movement with the next of them.
    let listingShowsChange = true

    func probe() async throws(APIError) {
        try await api.probe()
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        SendKitMapping.listing(try await api.campaigns())
    }

    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        SourceResult(
            try await campaigns.details { id async throws(APIError) in
                SendKitMapping.detail(id, try await api.analytics(of: id), steps: account.steps)
            }
        )
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let mailboxes = try await api.mailboxes()
        return SendKitMapping.mailboxes(mailboxes, try await api.warmups(), checks: account.domains)
    }

    /// The checks come with the mailboxes.
    func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> [DomainCheck]? {
        nil
    }
}

/// A SendKit workspace's past: what days count per campaign, or with steps its analytics until a day.
struct SendKitHistory: AccountHistory {
    let api: SendKitAPI

    private static let counted = Set(SendKitMapping.daily.fields.map(\.measure))

    func parts(steps: Bool) -> [HistoryPart] {
        let daily = HistoryPart("daily") { campaigns, days, advance throws(APIError) in
            try await DailyRows(days, advance: advance, rows: rows, total: total).pasts(of: campaigns)
        }
        let analytics = HistoryPart("analytics") { campaigns, days, advance throws(APIError) in
            try await Bisection(days, advance: advance, ask: self.totals).pasts(of: campaigns)
        }
        return [steps ? analytics : daily]
    }

    private func rows(of campaign: String, since day: Day) async throws(APIError) -> [Day: Measures<CampaignMeasure>] {
        let rows = try await api.daily(of: campaign, since: day)
        return Dictionary(rows.map { ($0.day, $0.measures) }) { _, last in last }
    }

    private func total(of campaign: String) async throws(APIError) -> Measures<CampaignMeasure> {
        try await api.analytics(of: campaign).measures.filtered(Self.counted.contains)
    }

    private func totals(until day: Day, of campaigns: [String]) async throws(APIError) -> [String: Totals] {
        var totals: [String: Totals] = [:]
        for id in campaigns {
            totals[id] = Totals(SendKitMapping.detail(id, try await api.analytics(of: id, until: day), steps: true))
        }
        return totals
    }
}

/// SendKit, the cold-outreach platform at sendkit.ai.
package enum SendKit: ProviderKind {
    package static let name = "sendkit"
    package static let title = "SendKit"
    package static let keyVariable = "SENDKIT_API_KEY"
    package static let baseURL = "https://api.sendkit.ai"
    /// No limit is documented.
    package static let requestsPerSecond = 5.0

    package static let options = [
        ProviderOption(
            "workspace",
            .text(check: ProviderOption.headerValueProblem),
            "The id of the workspace to look at; platform keys (`sk_user_…`) need it, workspace keys must not have it."
        )
    ]

    package static let fields =
        SendKitMapping.labels.map(\.source) + SendKitMapping.constants + SendKitMapping.analytics.sources
        + SendKitMapping.steps.sources + SendKitMapping.mailbox.sources + SendKitMapping.warmup.sources

    package static func source(
        for account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> any AccountSource {
        SendKitSource(
            account: account,
            api: SendKitAPI(account: account, gate: gate, transport: transport, now: { .now })
        )
    }

    package static func history(
        of account: AccountSettings,
        gate: RequestGate,
        transport: any Transport
    ) -> (any AccountHistory)? {
        SendKitHistory(api: SendKitAPI(account: account, gate: gate, transport: transport, now: { .now }))
    }
}
