// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The parts that an account can do without: a key that lacks their scope is a failure in part, and their requests are few.
extension CollectionCycle {
    /// Rationed requests that the account may send before others have made room for them.
    private static let credit = 10

    /// How many rationed requests the account may send now.
    ///
    /// Supplementary requests are a twentieth of the account's others at most, retries included; those that are not rationed
    /// leave at least a fiftieth to those that are.
    private var allowance: Int {
        guard let counters = context.records[plan.account]?.counters else { return Self.credit }
        let rationed = counters.requests(to: source.rationedRoutes)
        let supplementary = counters.requests(to: source.supplementaryRoutes)
        let others = counters.allRequests - supplementary
        return max(others / 20 - supplementary, others / 50 - rationed) + Self.credit
    }

    /// Fetches the labels of campaigns where the provider has calls of its own for them: when the period is over, or for
    /// campaigns that are new.
    func fetchLabels() async throws(APIError) {
        guard source.hasCampaignLabels, allowance > 0 else { return }
        let asked = now
        let data = state.data
        let campaigns = data.tracker.campaigns.keys.sorted()
        let isComplete = campaigns.allSatisfy { data.labels?.value[$0] != nil }
        guard !isComplete || isDue(.labels, data.labels?.fetched, every: Retention.supplementPeriod) else { return }
        try await fetchSupplementary(.labels) { () async throws(APIError) in
            let found = try await source.campaignLabels(of: campaigns)
            let labels = Dictionary(campaigns.map { ($0, found.labels[$0] ?? []) }) { first, _ in first }
            state.update { data in
                data.labels = Fetched(value: labels, fetched: asked)
                if let plan = found.plan { data.plan = Fetched(value: plan, fetched: asked) }
            }
            return nil
        }
    }

    /// Fetches what the account's plan allows where the provider has a call of its own for it: when the period is over, an
    /// hour after a failure, which needs no allowance.
    func fetchPlan() async throws(APIError) {
        let asked = now
        guard source.hasPlan, state.mayRequest(.planLimits, at: asked) else { return }
        guard isDue(.planLimits, state.data.plan?.fetched, every: Retention.supplementPeriod) else { return }
        try await fetchSupplementary(.planLimits) { () async throws(APIError) in
            let plan = try await source.plan()
            state.update { $0.plan = Fetched(value: plan, fetched: asked) }
            return nil
        }
        if state.isOverdue(.planLimits) { state.suspend(.planLimits, until: asked + PartStatus.refusalRetry) }
    }

    /// Asks why campaigns stand still that should send, of a hundredth of the campaigns in a cycle at most, or of one.
    func fetchSendingStates() async throws(APIError) {
        guard source.hasSendingStatus else { return }
        let asked = now
        let patience = SendingTracker.patience(interval: plan.settings.interval)
        let due = state.update { data in
            data.sending.observe(
                data.tracker.campaigns(trueSince: asked - data.retention.campaigns),
                patience: patience,
                at: asked
            )
            return data.sending.due(at: asked)
        }
        guard !due.isEmpty else { return try await forgetFailure(.sendingStates) }
        let most = min(allowance, max(1, state.data.tracker.campaigns.count / 100))
        guard most > 0 else { return }
        let chosen = Array(due.prefix(most))
        try await fetchSupplementary(.sendingStates) { () async throws(APIError) in
            let answers = try await chosen.concurrentResults { id async throws(APIError) in
                try await source.sendingStatus(of: id)
            }
            state.update { data in
                for (id, answer) in zip(chosen, answers) where answer.error == nil || answer.error == .gone {
                    data.sending.record((try? answer.get()).flatMap(\.self), of: id, at: asked)
                }
            }
            let failures = answers.compactMap(\.error).filter { $0 != .gone }
            if let first = failures.first, failures.count == answers.count { throw first }
            return failures.first
        }
    }

    /// Ends the failure of a part of which nothing is to be fetched any more.
    private func forgetFailure(_ part: DataPart) async throws(APIError) {
        guard let error = context.records[plan.account]?.status.parts[part]?.error, !error.isRefusal else { return }
        try await fetchSupplementary(part) { nil }
    }

    /// Fetches a part; if the provider refuses it to the key, it fails in part and is requested again after an hour.
    ///
    /// `fetch` returns the error of a part of it.
    private func fetchSupplementary(
        _ part: DataPart,
        _ fetch: () async throws(APIError) -> APIError?
    ) async throws(APIError) {
        var refusal: APIError?
        try await self.fetch(part) { () async throws(APIError) in
            do throws(APIError) {
                let error = try await fetch()
                if error?.isRefusal == true { refusal = error }
                return error
            } catch {
                guard error.isRefusal else { throw error }
                refusal = error
                return error
            }
        }
        if refusal != nil { state.suspend(part, until: now + PartStatus.refusalRetry) }
    }
}
