// SPDX-License-Identifier: Apache-2.0

package import Backfill
package import Collection
internal import Outreach
internal import Synchronization

/// Collects from an EmailBison workspace.
struct EmailBisonSource: AccountSource {
    let api: EmailBisonAPI
    private let warmupRoute = RouteSuspension()
    private let sequences = SequenceCache<[EmailBisonStep]>()
    private let drafts = Drafts()
    private let forecast = Forecast()

    let detailBatch = 1
    let listingShowsChange = true
    /// Rows have the totals that the steps' numbers add up to.
    let rowConfirmation: Duration? = .seconds(86_400)

    private var account: AccountSettings { api.client.account }
    var facts: AccountFacts { api.client.facts }

    func probe() async -> Probe {
        var probe = Probe()
        let campaign = await probe.send(for: .campaigns) { () async throws(APIError) in try await api.firstCampaign() }
        if account.steps {
            await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
                try await api.stats(of: campaign.id)
            }
            await probe.send(for: .details, of: campaign) { campaign async throws(APIError) in
                try await api.sequence(of: campaign.id)
            }
        } else {
            await probe.send(for: .details, of: campaign) { _ async throws(APIError) in }
        }
        guard account.mailboxes else { return probe }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.someMailboxes().total }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.someWarmups().total }
        await probe.send(for: .mailboxes) { () async throws(APIError) in try await api.scheduled(for: "today") }
        return probe
    }

    func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        let campaigns = try await api.campaigns()
        sequences.list(Dictionary(campaigns.map { ($0.id, $0.updated ?? "") }) { _, last in last })
        drafts.ids.withLock { $0 = Set(campaigns.filter(\.isDraft).map(\.id)) }
        return EmailBisonMapping.listing(campaigns)
    }

    /// The steps alone: the listing has everything else.
    func details(of campaigns: [String]) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        SourceResult(
            try await campaigns.results { id async throws(APIError) in
                guard account.steps, !drafts.ids.withLock({ $0.contains(id) }) else { return Campaign(id: id) }
                return Campaign(id: id, steps: try await steps(of: id, try await api.stats(of: id)))
            }
        )
    }

    /// The steps of a campaign's stats; those of a step that nobody knew are read with a new sequence.
    func steps(of campaign: String, _ stats: EmailBisonStats) async throws(APIError) -> [Step] {
        let ids = Set(stats.steps.compactMap(\.step))
        guard !ids.isEmpty else { return [] }
        let sequence = try await sequences.sequence(of: campaign, fits: { ids.isSubset(of: $0.map(\.id)) }) {
            () async throws(APIError) in try await api.sequence(of: campaign)
        }
        return EmailBisonMapping.steps(stats.steps, of: sequence)
    }

    func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        guard account.mailboxes else { return SourceResult(MailboxGroup()) }
        let rows = try await api.mailboxes()
        let warmups = try await warmupRoute.results(of: [EmailBisonAPI.Route.warmup], at: api.client.now) {
            _ async throws(APIError) in try await api.warmups()
        }
        let today = api.client.today
        let days = try await forecast.due(on: today).results { day async throws(APIError) in
            try await api.scheduled(for: day)
        }
        forecast.update(days, on: today)
        let mailboxes = EmailBisonMapping.mailboxes(rows, (try? warmups.first?.get()) ?? [])
        let group = MailboxGroup(mailboxes: mailboxes, messagesScheduled: forecast.messages(on: today))
        var result = SourceResult(group)
        for mailbox in mailboxes { result.incomplete[mailbox.address] = warmups.first?.error }
        result.failures = days.sorted { $0.key < $1.key }.compactMap(\.value.error)
        result.failures += rows.map(\.address).missingAddress(in: EmailBisonAPI.Route.mailboxes)
        return result
    }
}

/// The campaigns of the last listing that never were launched.
private final class Drafts: Sendable {
    let ids = Mutex<Set<String>>([])
}

/// The messages scheduled for the next days, of which each fetch requests one: of a large account it has many pages.
private final class Forecast: Sendable {
    private struct Entry {
        /// When it was requested: a later day has another tomorrow.
        let asked: Day
        let messages: Double?
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The days, those requested last at the end.
        var order = ["today", "tomorrow", "day_after_tomorrow"]
    }

    private let state = Mutex(State())

    /// The days to request: all at first, later the one whose number is missing or oldest.
    func due(on today: Day) -> [String] {
        state.withLock { state in
            guard !state.entries.isEmpty else { return state.order }
            let missing = state.order.filter { state.entries[$0]?.asked != today }
            return Array((missing + state.order).prefix(1))
        }
    }

    /// Takes over what was requested; what failed keeps its last number.
    func update(_ results: [String: Result<Double?, APIError>], on today: Day) {
        state.withLock { state in
            for (day, result) in results {
                if case .success(let messages) = result { state.entries[day] = Entry(asked: today, messages: messages) }
            }
            let (requested, rest) = (
                state.order.filter { results[$0] != nil }, state.order.filter { results[$0] == nil }
            )
            state.order = rest + requested
        }
    }

    /// The numbers that were requested on this day.
    func messages(on today: Day) -> [String: Double] {
        state.withLock { state in state.entries.filter { $0.value.asked == today }.compactMapValues(\.messages) }
    }
}

/// The history of an EmailBison workspace: counts per day, or, if steps are included, totals up to a day.
struct EmailBisonHistory: AccountHistory {
    let source: EmailBisonSource

    func parts(steps: Bool) -> [HistoryPart] {
        guard steps else {
            return [
                .daily(EmailBisonMapping.daily, counts: source.api.daily) { campaign async throws(APIError) in
                    try await stats(of: campaign)?.measures ?? Measures()
                }
            ]
        }
        return [
            .totals("stats") { campaign, day async throws(APIError) in
                guard let stats = try await stats(of: campaign, until: day) else { return CampaignTotals() }
                return CampaignTotals(stats.measures, steps: try await source.steps(of: campaign, stats))
            }
        ]
    }

    /// The stats of a campaign; `nil` for a draft, which has none.
    private func stats(of campaign: String, until day: Day? = nil) async throws(APIError) -> EmailBisonStats? {
        do throws(APIError) {
            return try await source.api.stats(of: campaign, until: day)
        } catch {
            guard case .rejected(400, _) = error.kind,
                try await source.api.campaigns().contains(where: { $0.id == campaign && $0.isDraft })
            else { throw error }
            return nil
        }
    }
}

/// EmailBison; every customer has an instance of its own.
package enum EmailBison: ProviderKind {
    package static let name = "emailbison"
    package static let title = "EmailBison"
    package static let keyVariable = "EMAILBISON_API_KEY"
    /// Every customer has a host of its own.
    package static let baseURL: String? = nil
    /// Limited to 3,000 per minute; leaves room for other integrations.
    package static let requestsPerSecond = 20.0
    package static let options: [ProviderOption] = []

    package static let fields =
        EmailBisonMapping.labels.map(\.source) + EmailBisonMapping.constants + EmailBisonMapping.campaign.sources
        + EmailBisonMapping.steps.sources + EmailBisonMapping.mailbox.sources + EmailBisonMapping.warmup.sources

    package static func source(for account: AccountSettings, in context: ProviderContext) -> any AccountSource {
        EmailBisonSource(api: EmailBisonAPI(account, context))
    }

    package static func history(of account: AccountSettings, in context: ProviderContext) -> (any AccountHistory)? {
        EmailBisonHistory(source: EmailBisonSource(api: EmailBisonAPI(account, context)))
    }
}
