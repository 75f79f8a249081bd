// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// One collection of an account: the listing, then the details, mailboxes and domain checks that are due.
struct CollectionCycle: Sendable {
    let plan: AccountPlan
    let source: any AccountSource
    let state: AccountState
    let context: CollectionContext

    private var now: Instant { context.clock.now }
    private var policy: DetailPolicy {
        DetailPolicy(
            listingShowsChange: source.listingShowsChange,
            probesGroups: source.groupSize > 0 && state.data.probeSuspension.allowsProbe(at: now),
            interval: plan.settings.interval
        )
    }

    /// Collects everything that is due.
    ///
    /// - Throws: why the collection failed: no listing, a refused key, or an error for every campaign.
    func run() async throws(APIError) {
        try await list()
        let changedGroups = try await ChangeProbe(source: source, state: state, clock: context.clock).run()
        try await fetchDetails()
        verify(changedGroups)
        try reportFailures()
        try await fetchMailboxes()
        try await fetchDomainChecks()
    }

    private func list() async throws(APIError) {
        let asked = now
        let rows = content(of: try await source.listing())
        let known = state.data.tracker.campaigns
        let selection = ListingSelection(
            rows,
            limit: plan.settings.campaigns.limit,
            isKnown: { known[$0] != nil },
            selects: plan.settings.campaigns.admits
        )
        state.update { $0.tracker.list(selection.kept, at: asked, confirmsDetail: source.listingShowsChange) }
        reportDropped(selection)
    }

    /// Fetches details in batches, enough of them at once that the rate limiter is never idle.
    private func fetchDetails() async throws(APIError) {
        let due = state.data.tracker.due(policy, at: now)
        recordDue(due.count)
        _ = try await due.batches(of: source.detailBatch)
            .concurrently(limit: max(8, plan.settings.concurrency * 4)) { batch async throws(APIError) in
                try await fetch(batch)
            }
    }

    /// Fetches the details of a batch of campaigns; throws only what concerns the account.
    private func fetch(_ batch: [String]) async throws(APIError) {
        let asked = now
        do throws(APIError) {
            let details = content(of: try await source.details(of: batch))
            let missing = APIError.invalid(status: 200, reason: "the campaign is missing from the answer")
            complete(batch, at: asked) { details[$0] ?? .failure(missing) }
        } catch {
            if error.concernsAccount { throw error }
            complete(batch, at: asked) { _ in .failure(error) }
        }
    }

    /// Suspends probes if a group's total changed but no campaign's detail did: the totals are not sums of the details.
    private func verify(_ changedGroups: [[String]]) {
        let now = now
        state.update { data in
            guard data.probeSuspension.allowsProbe(at: now) else { return }
            if changedGroups.contains(where: data.tracker.areUnchanged) {
                data.probeSuspension.suspend(at: now)
            } else {
                data.probeSuspension.reset()
            }
        }
    }

    private func fetchMailboxes() async throws(APIError) {
        guard plan.settings.mailboxes else { return }
        let asked = now
        guard isDue(.mailboxes, state.data.mailboxes?.fetched, every: Retention.mailboxPeriod) else { return }
        try await fetch(.mailboxes) { () async throws(APIError) in
            let group = content(of: try await source.mailboxes())
            let checks = plan.settings.domains ? group.domainChecks : []
            let value = MailboxGroup(mailboxes: group.mailboxes, domainChecks: checks)
            state.update { $0.mailboxes = Fetched(value: value, fetched: asked) }
        }
    }

    private func fetchDomainChecks() async throws(APIError) {
        guard plan.settings.mailboxes, plan.settings.domains, let mailboxes = state.data.mailboxes?.value.mailboxes
        else { return }
        let asked = now
        guard isDue(.domainChecks, state.data.domainChecks?.fetched, every: Retention.domainPeriod) else { return }
        try await fetch(.domainChecks) { () async throws(APIError) in
            let checks = try await source.domainChecks(for: mailboxes) ?? []
            state.update { $0.domainChecks = Fetched(value: checks, fetched: asked) }
        }
    }

    /// Whether a part is due: in the cycle nearest to its period, or in the next one if its last fetch failed.
    private func isDue(_ part: DataPart, _ fetched: Instant?, every period: Duration) -> Bool {
        guard let fetched, !state.isOverdue(part) else { return true }
        return now - fetched > period - plan.settings.interval / 2
    }

    /// Fetches a part whose errors do not fail the collection, unless they concern the account.
    private func fetch(_ part: DataPart, _ fetch: () async throws(APIError) -> Void) async throws(APIError) {
        do throws(APIError) {
            try await fetch()
            state.setOverdue(part, false)
        } catch {
            state.setOverdue(part, true)
            if error.concernsAccount { throw error }
            context.report(plan.account, .partFailed(part, error))
        }
    }

    private func content<Content>(of result: SourceResult<Content>) -> Content {
        context.records.count(unknown: result.unknownFields, of: plan.account.provider)
        return result.content
    }

    private func recordDue(_ due: Int) {
        let all = state.data.tracker.campaigns.count
        context.records.update(plan.account) { record in
            record.status.campaigns = all
            record.status.campaignsDone = all - due
            record.counters.detailsSkipped += all - due
        }
    }

    private func complete(_ batch: [String], at asked: Instant, _ result: (String) -> Result<Campaign, APIError>) {
        state.update { data in
            for id in batch { data.tracker.complete(id, with: result(id), at: asked) }
        }
        context.records.update(plan.account) { record in
            record.status.campaignsDone += batch.count
            record.counters.detailsFetched += batch.count
        }
    }

    private func reportDropped(_ selection: ListingSelection) {
        guard !selection.dropped.isEmpty else { return }
        context.records.count(plan.account) { $0.addDropped(selection.droppedSeries, "campaign_limit") }
        context.report(
            plan.account,
            .campaignsDropped(count: selection.dropped.count, limit: plan.settings.campaigns.limit)
        )
    }

    private func reportFailures() throws(APIError) {
        let tracker = state.data.tracker
        let failures = tracker.failures
        context.records.update(plan.account) { $0.status.campaignsFailed = failures.count }
        guard let first = failures.first else { return }
        if failures.count == tracker.campaigns.count { throw first }
        context.report(
            plan.account,
            .campaignsFailed(count: failures.count, of: tracker.campaigns.count, first: first)
        )
    }
}

/// The rows of a listing that the configuration selects, split at the campaign limit.
struct ListingSelection: Sendable {
    /// The rows within the limit.
    let kept: [ListedCampaign]
    /// The rows beyond it.
    let dropped: [ListedCampaign]

    /// Selects rows; known campaigns come first, so that the choice does not change with the order of the listing.
    init(_ rows: [ListedCampaign], limit: Int, isKnown: (String) -> Bool, selects: (Campaign) -> Bool) {
        let selected = rows.filter { selects($0.campaign) }
        guard selected.count > limit else {
            kept = selected
            dropped = []
            return
        }
        let ranked = selected.filter { isKnown($0.campaign.id) } + selected.filter { !isKnown($0.campaign.id) }
        kept = Array(ranked.prefix(limit))
        dropped = Array(ranked.dropFirst(limit))
    }

    /// The series that the listing alone would give the dropped campaigns.
    var droppedSeries: Int { dropped.reduce(0) { $0 + $1.campaign.ownSeriesCount } }
}

/// The result of a cycle, for the account's status, counters and the log.
struct CycleSummary: Sendable {
    let outcome: Result<Void, APIError>
    let started: ClockReading
    let ended: ClockReading
    /// The account's requests before the cycle.
    let requestsBefore: Int

    private var failure: APIError? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// The account's status after the cycle.
    func applied(to status: AccountStatus) -> AccountStatus {
        var status = status
        status.isCollecting = false
        status.state = failure == nil ? .up : .down
        status.lastDuration = ended.now - started.now
        status.lastFailure = failure?.text
        status.advice = failure?.advice
        status.consecutiveFailures = failure == nil ? 0 : status.consecutiveFailures + 1
        if failure == nil { status.lastSuccess = ended.wallTime }
        return status
    }

    /// Updates the account's status and counters.
    func apply(to record: inout AccountRecords.Record) {
        record.status = applied(to: record.status)
        record.status.lastRequests = record.counters.allRequests - requestsBefore
        record.counters.collections += 1
        if failure != nil { record.counters.failures += 1 }
    }

    /// The event for the log; `nil` for a success after a success.
    func event(before: AccountStatus, after: AccountStatus) -> CollectionEvent.Kind? {
        switch (before.state, failure) {
        case (.up, nil): nil
        case (let state, nil):
            .up(campaigns: after.campaigns ?? 0, took: ended.now - started.now, afterFailure: state == .down)
        case (.down, let failure?): .stillDown(failure, failures: after.consecutiveFailures)
        case (_, let failure?): .down(failure)
        }
    }
}
