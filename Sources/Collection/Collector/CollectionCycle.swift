// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// One collection of an account: the listing, then the details, mailboxes and domain checks that are due.
struct CollectionCycle: Sendable {
    let plan: AccountPlan
    let source: any AccountSource
    let state: AccountState
    let filter: CampaignFilter
    let context: CollectionContext

    var now: Instant { context.clock.now }
    private var policy: DetailPolicy {
        DetailPolicy(
            listingShowsChange: source.listingShowsChange,
            rowConfirmation: source.rowConfirmation,
            probesGroups: source.groupSize > 0 && state.data.probeSuspension.allowsProbe(at: now),
            interval: plan.settings.interval
        )
    }

    /// Collects everything that is due.
    ///
    /// - Throws: why the collection failed: no listing, or an error for every campaign other than a refusal of details.
    func run() async throws(APIError) {
        // A failed cycle has learned something too: a page size that fits, for example.
        defer { state.facts = source.facts.all }
        if let event = await plan.refreshKey() { context.report(plan.account, event) }
        try await list()
        let changedGroups = try await ChangeProbe(source: source, state: state, clock: context.clock).run()
        try await fetchDetails()
        verify(changedGroups)
        let failure = reportFailures()
        try await fetchLabels()
        try await fetchSendingStates()
        try await fetchMailboxes()
        try await fetchDomainChecks()
        try await fetchPlan()
        if let failure { throw failure }
    }

    private func list() async throws(APIError) {
        let asked = now
        do throws(APIError) {
            let rows = content(of: try await source.listing())
            let known = state.data.tracker.campaigns
            let selection = ListingSelection(
                rows,
                limit: plan.settings.campaigns.limit,
                isKnown: { known[$0] != nil },
                selects: filter.admits
            )
            state.update { $0.list(selection.kept, at: asked, confirmsDetail: source.listingShowsChange) }
            reportDropped(selection)
            record(.campaigns, nil)
        } catch {
            if error != .cancelled { record(.campaigns, error) }
            if error.isRefusal { forgetRefusals() }
            throw error
        }
    }

    /// Fetches details in batches, enough of them at once that the rate limiter is never idle.
    ///
    /// If the provider refuses the first ones to the key, the others are not requested.
    private func fetchDetails() async throws(APIError) {
        guard state.mayRequest(.details, at: now) else { return }
        let due = state.data.tracker.due(policy, at: now)
        recordDue(due.count)
        let limit = max(8, plan.settings.concurrency * 4)
        let batches = due.batches(of: source.detailBatch)
        let presence = Mutex<[String: FieldPresence]>([:])
        async let _ = listAgain()
        try await fetch(batches.prefix(limit), limit, presence)
        let first = Set(batches.prefix(limit).joined())
        let refusals = state.data.tracker.failures.filter { first.contains($0.id) && $0.error.isRefusal }
        if let refusal = refusals.first?.error, refusals.count == first.count {
            let rest = batches.dropFirst(limit).joined()
            return state.update { data in
                for id in rest { data.tracker.complete(id, with: .failure(refusal), at: now) }
            }
        }
        try await fetch(batches.dropFirst(limit), limit, presence)
        report(presence.withLock { Array($0.values) })
    }

    /// Lists the campaigns again after every interval until cancelled: details of thousands take longer than the listing may
    /// be old.
    private func listAgain() async {
        while (try? await context.clock.wait(until: now + plan.settings.interval)) != nil { try? await list() }
    }

    private func fetch(
        _ batches: ArraySlice<[String]>,
        _ limit: Int,
        _ presence: borrowing Mutex<[String: FieldPresence]>
    ) async throws(APIError) {
        let found = try await Array(batches).concurrently(limit: limit) { batch async throws(APIError) in
            try await fetch(batch)
        }
        presence.withLock { all in
            for presence in found.joined() { all[presence.route] = presence.merged(with: all[presence.route]) }
        }
    }

    /// Fetches the details of a batch of campaigns; throws only what concerns the account.
    private func fetch(_ batch: [String]) async throws(APIError) -> [FieldPresence] {
        let asked = now
        do throws(APIError) {
            let result = try await source.details(of: batch)
            context.records.count(unknown: result.unknownFields, of: plan.account.provider)
            let missing = APIError.invalid(status: 200, reason: "the campaign is missing from the answer")
            complete(batch, at: asked, incomplete: result.incomplete) { result.content[$0] ?? .failure(missing) }
            return result.presence
        } catch {
            if error.concernsAccount { throw error }
            complete(batch, at: asked) { _ in .failure(error) }
            return []
        }
    }

    /// Whether a part is due: in the cycle nearest to its period, or in the next one if its last fetch failed.
    func isDue(_ part: DataPart, _ fetched: Instant?, every period: Duration) -> Bool {
        guard let fetched, !state.isOverdue(part) else { return true }
        return now - fetched > period - plan.settings.interval / 2
    }

    /// Fetches a part whose errors do not fail the collection, unless they concern the account.
    ///
    /// `fetch` returns the error of a part of it.
    func fetch(_ part: DataPart, _ fetch: () async throws(APIError) -> APIError?) async throws(APIError) {
        guard state.mayRequest(part, at: now) else { return }
        do throws(APIError) {
            let error = try await fetch()
            // What is refused to the key does not change from one cycle to the next.
            state.setOverdue(part, error.map { !$0.isRefusal } ?? false)
            record(part, error, isPartial: true)
        } catch {
            state.setOverdue(part, true)
            if error.concernsAccount { throw error }
            record(part, error)
        }
    }

    /// Records how the fetch of a part ended, and reports what the account's own events do not say.
    private func record(_ part: DataPart, _ error: APIError?, isPartial: Bool = false) {
        let before = context.records[plan.account]?.status.parts[part] ?? PartStatus()
        let wallTime = context.readClocks().wallTime
        context.records.update(plan.account) { record in
            record.status.parts[part, default: PartStatus()].record(error, isPartial: isPartial, at: wallTime)
        }
        let isRefused = context.records[plan.account]?.status.parts[part]?.isRefused ?? false
        if part != .campaigns { state.suspend(part, until: isRefused ? now + PartStatus.refusalRetry : nil) }
        // Failed details are reported with their campaigns.
        guard part != .campaigns, part != .details || isRefused || before.isRefused else { return }
        if let error {
            if !isRefused {
                if error.isRefusal, isPartial, error == before.error { return }
                context.report(plan.account, .partFailed(part, error, isPartial: isPartial))
            } else if !before.isRefused {
                context.report(plan.account, .partRefused(part, error))
            }
        } else if before.error != nil {
            context.report(plan.account, .partRestored(part))
        }
    }

    /// Requests every part again as soon as the key, which is refused as a whole, is accepted.
    private func forgetRefusals() {
        for part in DataPart.allCases { state.suspend(part, until: nil) }
        context.records.update(plan.account) { record in
            for part in record.status.parts.keys { record.status.parts[part]?.forgetRefusals() }
        }
    }

    /// The content of a result, whose unknown and missing fields are recorded.
    func content<Content>(of result: SourceResult<Content>) -> Content {
        context.records.count(unknown: result.unknownFields, of: plan.account.provider)
        report(result.presence)
        return result.content
    }

    private func report(_ presence: [FieldPresence]) {
        for presence in presence.sorted(by: { $0.route < $1.route }) {
            let gone = context.records.record(presence, of: plan.account)
            if !gone.isEmpty {
                context.report(plan.account, .fieldsMissing(route: presence.route, fields: gone))
            }
        }
    }

    private func recordDue(_ due: Int) {
        let all = state.data.tracker.campaigns.count
        context.records.update(plan.account) { record in
            record.status.campaigns = all
            record.status.campaignsDone = all - due
            record.counters.detailsSkipped += all - due
        }
    }

    private func complete(
        _ batch: [String],
        at asked: Instant,
        incomplete: [String: APIError] = [:],
        _ result: (String) -> Result<Campaign, APIError>
    ) {
        state.update { data in
            for id in batch { data.tracker.complete(id, with: result(id), missing: incomplete[id], at: asked) }
        }
        context.records.update(plan.account) { record in
            record.status.campaignsDone += batch.count
            record.counters.detailsFetched += batch.count
        }
    }

    private func reportDropped(_ selection: ListingSelection) {
        let (unidentifiable, dropped) = (selection.unidentifiable, selection.dropped.count)
        state.reportChange(.idsTooLong(count: unidentifiable), isProblem: unidentifiable > 0)
        let limit = plan.settings.campaigns.limit
        state.reportChange(.campaignsDropped(count: dropped, limit: limit), isProblem: dropped > 0)
        guard dropped > 0 else { return }
        context.records.count(plan.account) { $0.addDropped(selection.droppedSeries, "campaign_limit") }
    }

    /// Reports which campaigns failed; returns the error if it was every one of them, for another reason than a refusal.
    private func reportFailures() -> APIError? {
        let tracker = state.data.tracker
        let failures = tracker.failures
        context.records.update(plan.account) { $0.status.campaignsFailed = failures.count }
        guard state.mayRequest(.details, at: now) else { return nil }
        guard let first = failures.first?.error else {
            record(.details, nil)
            return nil
        }
        let isPartial = failures.count < tracker.campaigns.count || failures.contains(where: \.isPartial)
        record(.details, first, isPartial: isPartial)
        if !isPartial, !first.isRefusal { return first }
        if context.records[plan.account]?.status.parts[.details]?.isRefused == true { return nil }
        let ids = failures.map(\.id)
        context.report(plan.account, .campaignsFailed(ids, of: tracker.campaigns.count, first: first))
        return nil
    }
}
