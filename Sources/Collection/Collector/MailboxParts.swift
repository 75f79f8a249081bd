// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The mailboxes and the checks of their domains: requested more rarely than campaigns, and kept longer.
extension CollectionCycle {
    /// Fetches the mailboxes, with the checks that some providers tell with them, if they are due.
    func fetchMailboxes() async throws(APIError) {
        guard source.collects(.mailboxes, with: plan.settings) else { return }
        let asked = now
        guard isDue(.mailboxes, state.data.mailboxes?.fetched, every: Retention.mailboxPeriod) else { return }
        let wasIncomplete = state.isOverdue(.mailboxes)
        try await fetch(.mailboxes) { () async throws(APIError) in
            let result = try await source.mailboxes()
            // The domains of mailboxes that were missing are not checked yet.
            if wasIncomplete { state.setOverdue(.domainChecks, true) }
            let group = content(of: result)
            let checks = plan.settings.domains ? group.domainChecks : []
            let oldest = oldest(asked, state.data.retention.mailboxes, until: result.error, Retention.mailboxPeriod)
            state.update { data in
                data.mailboxes = (data.mailboxes ?? FetchedEntries([:], fetched: asked)).replaced(
                    by: group.mailboxesByAddress,
                    incomplete: Set(result.incomplete.keys),
                    isComplete: result.failures.isEmpty,
                    at: asked,
                    keepingSince: oldest,
                    completed: { $0.completed(by: $1) }
                )
                data.mailboxChecks = (data.mailboxChecks ?? FetchedEntries([:], fetched: asked)).replaced(
                    by: checks.byIdentity,
                    isComplete: result.failures.isEmpty,
                    at: asked,
                    keepingSince: oldest
                )
                if let days = group.messagesScheduled { data.messagesScheduled = Fetched(value: days, fetched: asked) }
            }
            return result.error
        }
    }

    /// Fetches the checks of the mailboxes' domains where they are requested by themselves, if they are due.
    func fetchDomainChecks() async throws(APIError) {
        guard source.collects(.domainChecks, with: plan.settings),
            let mailboxes = state.data.mailboxes?.sorted
        else { return }
        let asked = now
        guard isDue(.domainChecks, state.data.domainChecks?.fetched, every: Retention.domainPeriod) else { return }
        try await fetch(.domainChecks) { () async throws(APIError) in
            let result = try await source.domainChecks(for: mailboxes)
            let checks = content(of: result)
            let oldest = oldest(asked, state.data.retention.domainChecks, until: result.error, Retention.domainPeriod)
            state.update { data in
                data.domainChecks = (data.domainChecks ?? FetchedEntries([:], fetched: asked)).replaced(
                    by: checks.byIdentity,
                    isComplete: result.failures.isEmpty,
                    at: asked,
                    keepingSince: oldest
                )
            }
            return result.error
        }
    }

    /// The time since which a value must have been complete to last until it is requested again: in the next cycle, or after a
    /// period where an error is no reason to be earlier.
    private func oldest(_ asked: Instant, _ maximumAge: Duration, until error: APIError?, _ period: Duration) -> Instant
    {
        asked - maximumAge + plan.settings.interval + (error?.isRefusal == true ? period : .zero)
    }
}
