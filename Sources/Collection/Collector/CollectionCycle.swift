// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// One pass over an account: listing, details, mailboxes, domain checks.
struct CollectionCycle: Sendable {
    /// What the configuration says.
    let plan: AccountPlan
    /// Whom to ask.
    let source: any AccountSource
    /// Where the answers go.
    let ledger: AccountState
    /// The surroundings.
    let environment: CollectionContext

    private var now: ContinuousClock.Instant { environment.clock.now }
    private var policy: DetailPolicy {
        DetailPolicy(
            listingShowsChange: source.listingShowsChange,
            looksAtGroups: source.groupSize > 0 && ledger.data.groupTrust.isGiven(at: now),
            interval: plan.settings.interval
        )
    }

    /// Collects everything that is due.
    ///
    /// - Throws: why the pass as a whole failed: no listing, a refused key, or no campaign's detail at all.
    func run() async throws(APIError) {
        try await list()
        let suspects = try await GroupLook(source: source, ledger: ledger, clock: environment.clock).run()
        try await fetchDetails()
        judge(suspects)
        try tellFailures()
        try await fetchMailboxes()
        try await checkDomains()
    }

    private func list() async throws(APIError) {
        let asked = now
        let rows = take(try await source.listing())
        let known = ledger.data.book.campaigns
        let selection = Selection(
            rows,
            limit: plan.settings.campaigns.limit,
            isKnown: { known[$0] != nil },
            selects: plan.settings.campaigns.admits
        )
        ledger.update { $0.book.list(selection.kept, at: asked, confirmsDetail: source.listingShowsChange) }
        tellDropped(selection)
    }

    /// Fetches details in batches, always with enough of them under way that the limiter has something to let pass.
    private func fetchDetails() async throws(APIError) {
        let due = ledger.data.book.due(policy, at: now)
        begin(due: due.count)
        let failure: APIError? = await withTaskGroup { group in
            var waiting = due.batches(of: source.detailBatch).makeIterator()
            for _ in 0..<max(8, plan.settings.concurrency * 4) {
                guard let batch = waiting.next() else { break }
                group.addTask { await fetch(batch) }
            }
            while let failure = await group.next() {
                if let failure { return failure }
                if let batch = waiting.next() { group.addTask { await fetch(batch) } }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Fetches the details of some campaigns; returns a failure behind which there is no point in going on.
    private func fetch(_ batch: [String]) async -> APIError? {
        let asked = now
        do throws(APIError) {
            let details = take(try await source.details(of: batch))
            finish(batch, at: asked) { details[$0] ?? .failure(Self.leftOut) }
        } catch {
            if case .refused = error { return error }
            if error == .cancelled { return error }
            finish(batch, at: asked) { _ in .failure(error) }
        }
        return nil
    }

    /// A group that moved though nothing in it did was no sum of its campaigns.
    private func judge(_ suspects: [[String]]) {
        let moment = now
        ledger.update { data in
            guard data.groupTrust.isGiven(at: moment) else { return }
            if suspects.contains(where: data.book.areQuiet) {
                data.groupTrust.lose(at: moment)
            } else {
                data.groupTrust.confirm()
            }
        }
    }

    private func fetchMailboxes() async throws(APIError) {
        guard plan.settings.mailboxes else { return }
        let asked = now
        guard isDue(.mailboxes, ledger.data.mailboxes?.fetched, every: Retention.mailboxPeriod) else { return }
        try await part(.mailboxes) { () async throws(APIError) in
            let group = take(try await source.mailboxes())
            let checks = plan.settings.domains ? group.domainChecks : []
            let value = MailboxGroup(mailboxes: group.mailboxes, domainChecks: checks)
            ledger.update { $0.mailboxes = Fetched(value: value, fetched: asked) }
        }
    }

    private func checkDomains() async throws(APIError) {
        guard plan.settings.mailboxes, plan.settings.domains, let mailboxes = ledger.data.mailboxes?.value.mailboxes
        else { return }
        let asked = now
        guard isDue(.domainChecks, ledger.data.domainChecks?.fetched, every: Retention.domainPeriod) else { return }
        try await part(.domainChecks) { () async throws(APIError) in
            let checks = try await source.domainChecks(for: mailboxes) ?? []
            ledger.update { $0.domainChecks = Fetched(value: checks, fetched: asked) }
        }
    }

    /// Whether a part is due: at its period, to the nearest cycle, or at once where the last try failed.
    private func isDue(_ part: DataPart, _ fetched: ContinuousClock.Instant?, every period: Duration) -> Bool {
        guard let fetched, !ledger.isOverdue(part) else { return true }
        return now - fetched > period - plan.settings.interval / 2
    }

    /// Fetches a part whose failure is not the account's, unless the key is refused.
    private func part(_ part: DataPart, _ fetch: () async throws(APIError) -> Void) async throws(APIError) {
        do throws(APIError) {
            try await fetch()
            ledger.setOverdue(part, false)
        } catch {
            ledger.setOverdue(part, true)
            if case .refused = error { throw error }
            if error == .cancelled { throw error }
            environment.report(plan.account, .partFailed(part, error))
        }
    }

    private static var leftOut: APIError {
        .invalid(status: 200, reason: "the campaign is missing from the answer")
    }
}

/// What a pass tells the records and the log.
extension CollectionCycle {
    private func take<Content>(_ answer: SourceResult<Content>) -> Content {
        environment.records.count(unknown: answer.unknownFields, of: plan.account.provider)
        return answer.content
    }

    private func begin(due: Int) {
        let all = ledger.data.book.campaigns.count
        environment.records.update(plan.account) { record in
            record.status.campaigns = all
            record.status.campaignsDone = all - due
            record.counters.detailsSkipped += all - due
        }
    }

    private func finish(
        _ batch: [String],
        at asked: ContinuousClock.Instant,
        _ result: (String) -> Result<Campaign, APIError>
    ) {
        ledger.update { data in
            for id in batch { data.book.complete(id, with: result(id), at: asked) }
        }
        environment.records.update(plan.account) { record in
            record.status.campaignsDone += batch.count
            record.counters.detailsFetched += batch.count
        }
    }

    private func tellDropped(_ selection: Selection) {
        guard !selection.dropped.isEmpty else { return }
        environment.records.count(plan.account) {
            $0.addDropped(selection.droppedSeries, "campaign_limit")
        }
        environment.report(
            plan.account,
            .campaignsDropped(count: selection.dropped.count, limit: plan.settings.campaigns.limit)
        )
    }

    private func tellFailures() throws(APIError) {
        let book = ledger.data.book
        let failures = book.failures
        environment.records.update(plan.account) { $0.status.campaignsFailed = failures.count }
        guard let first = failures.first else { return }
        if failures.count == book.campaigns.count { throw first }
        environment.report(
            plan.account,
            .campaignsFailed(count: failures.count, of: book.campaigns.count, first: first)
        )
    }
}

/// The rows of a listing that are collected.
struct Selection: Sendable {
    /// The rows within the limit.
    let kept: [ListedCampaign]
    /// The rows beyond it.
    let dropped: [ListedCampaign]

    /// Selects rows; within the limit campaigns already known come first, so that the choice does not move with the
    /// order of the listing.
    init(
        _ rows: [ListedCampaign],
        limit: Int,
        isKnown: (String) -> Bool,
        selects: (Campaign) -> Bool
    ) {
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

    /// Series that the dropped rows would have had.
    var droppedSeries: Int {
        dropped.reduce(0) { sum, row in
            let campaign = row.campaign
            return sum + campaign.measures.count + campaign.leadsByStatus.count
                + (campaign.name == nil ? 0 : 1) + (campaign.status == nil ? 0 : 1)
        }
    }
}

/// What a finished collection says about its account.
struct CycleSummary: Sendable {
    /// How it ended.
    let outcome: Result<Void, APIError>
    /// When it started.
    let started: ClockReading
    /// When it ended.
    let ended: ClockReading
    /// Requests that the account had sent before.
    let sentBefore: Int

    private var failure: APIError? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// The account's status behind the collection.
    func applied(to status: AccountStatus) -> AccountStatus {
        var status = status
        status.isCollecting = false
        status.state = failure == nil ? .up : .down
        status.lastDuration = ended.now - started.now
        status.lastFailure = failure?.text
        status.advice = failure?.advice
        status.failuresInARow = failure == nil ? 0 : status.failuresInARow + 1
        if failure == nil { status.lastSuccess = ended.wallTime }
        return status
    }

    /// Counts the collection.
    func apply(to record: inout AccountRecords.Record) {
        record.status = applied(to: record.status)
        record.status.lastRequests = record.counters.allRequests - sentBefore
        record.counters.collections += 1
        if failure != nil { record.counters.failures += 1 }
    }

    /// The transition for the log; `nil` for a success behind a success.
    func event(before: AccountStatus, after: AccountStatus) -> CollectionEvent.Kind? {
        switch (before.state, failure) {
        case (.up, nil): nil
        case (let state, nil):
            .up(campaigns: after.campaigns ?? 0, took: ended.now - started.now, afterFailure: state == .down)
        case (.down, let failure?): .stillDown(failure, failures: after.failuresInARow)
        case (_, let failure?): .down(failure)
        }
    }
}
