// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import HTTPClient
internal import Backfill
internal import Outreach
internal import Providers

/// An account of a backfill: its campaigns, and the parts of its provider's history.
struct BackfillAccount: Sendable {
    /// The requests of one part about some campaigns and days.
    struct BackfillTask: Sendable {
        let part: HistoryPart
        let days: Range<Day>
        let campaigns: [String]

        /// The part and the first day, the key in the journal: `stats:2026-01-01`.
        var name: String { Self.name(part, days) }
        /// The number of campaign days, the unit of progress.
        var weight: Int { days.count * campaigns.count }

        fileprivate static func name(_ part: HistoryPart, _ days: Range<Day>) -> String {
            "\(part.name):\(days.lowerBound)"
        }
    }

    let account: Account
    let parts: [HistoryPart]
    /// The selected campaigns, in the order of the metrics page.
    let campaigns: [Campaign]
    /// The most tasks that run at once.
    let concurrency: Int

    /// Lists the campaigns of an account; `nil` where its provider has no past data.
    ///
    /// - Throws: `APIError` if they cannot be listed.
    init?(
        _ settings: ConfiguredAccount,
        steps: Bool,
        limiters: [RateLimitKey: RateLimiter],
        over transport: any Transport,
        in environment: CollectionContext
    ) async throws(APIError) {
        let plan = settings.plan(over: transport)
        account = plan.account
        concurrency = plan.settings.concurrency
        guard let limiter = limiters[plan.settings.rateLimitKey] else { return nil }
        let gate = RequestGate(of: plan, limiter: limiter, in: environment)
        guard let history = settings.history(over: transport, gate: gate) else { return nil }
        parts = history.parts(steps: steps)
        let filter = CampaignFilter(plan.settings.campaigns, of: plan.account, in: environment)
        let rows = try await plan.source(gate).listing().content.map(\.campaign).filter(filter.admits)
        campaigns = rows.prefix(plan.settings.campaigns.limit).sorted { $0.id < $1.id }
    }

    func labels(of campaign: String) -> Labels { CampaignHistory.labels(of: campaign, account) }

    /// The tasks for some days whose answers are not in the journal.
    func tasks(about days: Range<Day>, without index: JournalIndex) -> [BackfillTask] {
        parts.flatMap { part in
            part.spans(of: days).flatMap { span in
                let name = BackfillTask.name(part, span)
                let missing = campaigns.map(\.id).filter { !index.contains(name, of: labels(of: $0)) }
                return missing.batches(of: part.batch).map { BackfillTask(part: part, days: span, campaigns: $0) }
            }
        }
    }

    /// The ids of the campaigns that the journal does not hold completely.
    func incompleteCampaigns(_ days: Range<Day>, _ index: JournalIndex) -> Set<String> {
        Set(tasks(about: days, without: index).flatMap(\.campaigns))
    }
}
