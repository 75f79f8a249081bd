// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Collects one account at its interval, one cycle at a time.
package final class AccountCollector: Sendable {
    /// How often data is published during a cycle.
    private static let publishInterval = Duration.seconds(15)

    private let plan: AccountPlan
    private let source: any AccountSource
    private let circuit = CircuitBreaker()
    private let state: AccountState
    private let filter: CampaignFilter
    private let inherited: AccountSnapshot?
    private let context: CollectionContext

    private var account: Account { plan.account }
    private var clock: any CollectionClock { context.clock }
    private var status: AccountStatus {
        context.records[account]?.status ?? AccountStatus(account: account, interval: plan.settings.interval)
    }

    /// Creates a collector that uses the rate limiter of the account's key.
    ///
    /// `inherited` is the data of the account's collector under the previous configuration.
    package init(
        _ plan: AccountPlan,
        limiter: RateLimiter,
        inherited: AccountSnapshot? = nil,
        in context: CollectionContext
    ) {
        self.plan = plan
        self.context = context
        self.inherited = inherited
        state = AccountState(plan, context)
        filter = CampaignFilter(plan.settings.campaigns, of: plan.account, in: context)
        source = plan.source(RequestGate(of: plan, limiter: limiter, circuit: circuit, in: context))
    }

    /// Restores saved data, then collects and expires data until cancelled.
    package func run() async {
        await restore()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.collect() }
            group.addTask { await self.expire() }
        }
    }

    /// Runs one cycle and publishes its result.
    package func cycle() async {
        let started = context.readClocks()
        let requestsBefore = context.records[account]?.counters.allRequests ?? 0
        context.records.update(account) { record in
            record.status.lastAttempt = started.wallTime
            record.status.isCollecting = true
            record.status.nextRun = nil
        }
        let outcome = await outcome(of: started.now)
        if case .failure(.cancelled) = outcome {
            context.records.update(account) { $0.status.isCollecting = false }
            return
        }
        let summary = CycleSummary(
            outcome: outcome,
            started: started,
            ended: context.readClocks(),
            requestsBefore: requestsBefore
        )
        let before = status
        reportLimits(await state.publish(summary.applied(to: before)))
        context.records.update(account) { summary.apply(to: &$0) }
        if let event = summary.event(before: before, after: status) { context.report(account, event) }
    }

    /// Stops publishing; returns the data for a successor.
    func retire() -> AccountSnapshot {
        state.retire(status)
    }

    private func collect() async {
        var schedule = CollectionSchedule(interval: plan.settings.interval, from: clock.now, jitter: context.jitter)
        var start = schedule.next
        while !Task.isCancelled {
            let next = context.readClocks().timestamp(start)
            context.records.update(account) { $0.status.nextRun = next }
            guard (try? await clock.wait(until: start)) != nil else { return }
            let started = clock.now
            await cycle()
            report(skipped: schedule.advance(to: clock.now), took: clock.now - started)
            start = schedule.start(jitter: context.jitter)
        }
    }

    /// Runs a cycle until it ends by itself, reaches its deadline or is cancelled.
    private func outcome(of started: Instant) async -> Result<Void, APIError> {
        let deadline = CollectionSchedule.deadline(from: started, interval: plan.settings.interval)
        circuit.close(until: deadline)
        let cycle = CollectionCycle(plan: plan, source: source, state: state, filter: filter, context: context)
        return await withTaskGroup(of: Result<Void, APIError>?.self) { group in
            group.addTask {
                do throws(APIError) { return .success(try await cycle.run()) } catch { return .failure(error) }
            }
            group.addTask { (try? await self.clock.wait(until: deadline)).map { .failure(.overdue) } }
            group.addTask {
                await self.publishPeriodically()
                return nil
            }
            var outcome: Result<Void, APIError>?
            while outcome == nil, let ended = await group.next() { outcome = ended }
            group.cancelAll()
            return outcome ?? .failure(.cancelled)
        }
    }

    private func publishPeriodically() async {
        while (try? await clock.wait(until: clock.now + Self.publishInterval)) != nil {
            await state.publish(status)
        }
    }

    /// Publishes whenever a part of the data expires.
    ///
    /// Data collected in the meantime expires after `maxStaleness` at the earliest, so checking again by then is enough.
    private func expire() async {
        while true {
            let now = clock.now
            let next = state.data.nextExpiry(after: now) ?? now + plan.settings.maxStaleness
            let wake = max(min(next, now + plan.settings.maxStaleness), now + .seconds(1))
            guard (try? await clock.wait(until: wake)) != nil else { return }
            await state.publish(status)
        }
    }

    private func reportLimits(_ limited: LimitedReport?) {
        guard let limited else { return }
        let isProblem = limited.droppedSeries + limited.shortenedLabels > 0
        let event = CollectionEvent.Kind.limited(series: limited.droppedSeries, labels: limited.shortenedLabels)
        state.reportChange(event, isProblem: isProblem)
        guard isProblem else { return }
        context.records.count(account) { counters in
            counters.addDropped(limited.droppedSeries, "series_limit")
            counters.addDropped(limited.shortenedLabels, "label_value_length")
        }
    }

    private func report(skipped: Int, took: Duration) {
        guard skipped > 0 else { return }
        context.records.count(account) { $0.skipped += skipped }
        // Otherwise the process was stopped before the collection, which was not slow.
        guard took >= plan.settings.interval else { return }
        context.report(account, .slow(took: took, interval: plan.settings.interval, skipped: skipped))
    }

    private func restore() async {
        if let inherited {
            restore(inherited)
            await state.publish(status)
        } else if let saved = await load() {
            restore(saved)
            // A saved time may lie in the future if the wall clock was set back in the meantime.
            let now = context.readClocks().wallTime
            context.records.update(account) { record in
                record.status.state = saved.state
                record.status.lastAttempt = saved.lastAttempt.map { min($0, now) }
                record.status.lastSuccess = saved.lastSuccess.map { min($0, now) }
                for (part, fetched) in saved.partTimes where source.collects(part, with: plan.settings) {
                    record.status.parts[part] = .restored(fetched: min(fetched, now))
                }
            }
            await state.publish(status)
            let age = saved.listed.map { max(now.since($0), .zero) } ?? .zero
            context.report(account, .restored(campaigns: saved.campaigns.count, age: age))
        }
    }

    private func restore(_ snapshot: AccountSnapshot) {
        state.restore(snapshot)
        source.facts.restore(state.facts)
    }

    private func load() async -> AccountSnapshot? {
        do throws(SnapshotError) {
            guard let saved = try await context.archive?.load(account) else { return nil }
            guard saved.account == account, saved.format == AccountSnapshot.currentFormat else {
                throw .foreign(format: saved.format)
            }
            return saved
        } catch {
            state.isUnreadable(error)
            context.report(account, .archiveFailed(error))
            return nil
        }
    }
}

/// The result of a cycle, for the account's status, counters and the log.
struct CycleSummary: Sendable {
    let outcome: Result<Void, APIError>
    let started: ClockReading
    let ended: ClockReading
    let requestsBefore: Int

    private var failure: APIError? { outcome.error }

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
