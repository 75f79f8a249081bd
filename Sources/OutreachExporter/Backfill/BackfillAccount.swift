// SPDX-License-Identifier: Apache-2.0

internal import Providers
internal import Collection
internal import Exposition
internal import HTTPClient
internal import History
internal import Outreach

/// An account whose past is asked for: the parts of its history and the campaigns that it lists.
struct BackfillAccount: Sendable {
    /// Some campaigns and days for one part to tell about.
    struct Errand: Sendable {
        let part: HistoryPart
        let days: Range<Day>
        let campaigns: [String]

        /// The part and the span: `stats:2026-01-01`.
        var name: String { Self.name(part, days) }
        /// How many days of campaigns it is.
        var weight: Int { days.count * campaigns.count }

        fileprivate static func name(_ part: HistoryPart, _ days: Range<Day>) -> String {
            "\(part.name):\(days.lowerBound)"
        }
    }

    let account: Account
    /// The ways in which its provider tells the past.
    let parts: [HistoryPart]
    /// Its campaigns that the configuration selects, in the order of the page.
    let campaigns: [Campaign]
    /// How many errands are run at once.
    let concurrency: Int

    /// Lists the campaigns of an account; `nil` where its provider tells no past.
    init?(
        _ settings: AccountSettings,
        steps: Bool,
        limiters: [String: Limiter],
        over transport: any Transport,
        in environment: CollectionEnvironment
    ) async throws(BackfillError) {
        account = settings.source.account
        concurrency = settings.concurrency
        guard let plan = settings.plan(over: transport), let limiter = limiters[plan.limitKey] else { return nil }
        let gate = CallGate(of: plan, limiter: limiter, in: environment)
        guard let history = settings.history(over: transport, gate: gate) else { return nil }
        parts = history.parts(steps: steps)
        do throws(CallFailure) {
            let rows = try await plan.source(gate).listing().content.map(\.campaign).filter(plan.selects)
            campaigns = rows.prefix(plan.campaignLimit).sorted { $0.id < $1.id }
        } catch {
            throw .failed(account, error)
        }
    }

    /// The labels of a campaign.
    func labels(of campaign: String) -> Labels { CampaignPast.labels(of: campaign, account) }

    /// What is still to be asked for about some days.
    func errands(about days: Range<Day>, without index: SpoolIndex) -> [Errand] {
        parts.flatMap { part in
            part.spans(of: days).flatMap { span in
                let name = Errand.name(part, span)
                let missing = campaigns.map(\.id).filter { !index.knows(name, of: labels(of: $0)) }
                return missing.batches(of: part.batch).map { Errand(part: part, days: span, campaigns: $0) }
            }
        }
    }
}
