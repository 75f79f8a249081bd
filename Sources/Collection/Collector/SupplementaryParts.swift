// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The parts that an account can do without: a key that lacks their scope is a failure in part, and their requests are few.
extension CollectionCycle {
    /// The share of supplementary requests in all others of an account: one in 20.
    private static let others = 20

    /// How many supplementary requests the account may send now: a twentieth of its other requests, retries included, less
    /// those that it has sent.
    private var allowance: Int {
        guard let counters = context.records[plan.account]?.counters else { return 0 }
        return (counters.allRequests - sent(counters)) / Self.others - sent(counters)
    }

    private func sent(_ counters: AccountCounters) -> Int {
        source.supplementaryRoutes.reduce(0) { $0 + (counters.requests[$1]?.values.reduce(0, +) ?? 0) }
    }

    /// Whether none was sent since the process started, so that the first answer need not wait for the allowance.
    private var isFirst: Bool { context.records[plan.account].map { sent($0.counters) == 0 } ?? true }

    /// Fetches the labels of campaigns where the provider has calls of its own for them.
    func fetchLabels() async throws(APIError) {
        guard source.hasCampaignLabels else { return }
        let asked = now
        let data = state.data
        guard isDue(.labels, data.labels?.fetched, every: Retention.labelPeriod), isFirst || allowance > 0 else {
            return
        }
        try await fetchSupplementary(.labels) { () async throws(APIError) in
            let labels = try await source.campaignLabels(of: data.tracker.campaigns.keys.sorted())
            state.update { $0.labels = Fetched(value: labels, fetched: asked) }
            return nil
        }
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
