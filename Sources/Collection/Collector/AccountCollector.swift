// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Collects one account at its interval, one cycle at a time.
package final class AccountCollector: Sendable {
    /// The time from one publication to the next during a long cycle.
    private static let publishPeriod = Duration.seconds(15)

    private let plan: AccountPlan
    private let source: any AccountSource
    private let circuit = CircuitBreaker()
    private let ledger: AccountState
    private let seed: AccountSnapshot?
    private let environment: CollectionContext

    private var account: Account { plan.account }
    private var clock: any CollectionClock { environment.clock }
    private var status: AccountStatus {
        environment.records[account]?.status ?? AccountStatus(account: account, interval: plan.settings.interval)
    }

    /// Prepares the collection of an account behind the limiter of its key.
    ///
    /// `predecessor` is what the collector of the same account under another configuration left.
    package init(
        _ plan: AccountPlan,
        limiter: RateLimiter,
        predecessor: AccountSnapshot? = nil,
        in environment: CollectionContext
    ) {
        self.plan = plan
        self.environment = environment
        seed = predecessor
        ledger = AccountState(plan, environment)
        source = plan.source(RequestGate(Passage(of: plan, limiter: limiter, circuit: circuit, in: environment)))
        environment.records.add(plan.account, interval: plan.settings.interval)
    }

    /// Restores, then collects and lets old data expire until cancelled.
    package func run() async {
        await restore()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.collect() }
            group.addTask { await self.expire() }
        }
    }

    /// Collects once, and publishes.
    package func cycle() async {
        let started = ClockReading(clock)
        let sentBefore = environment.records[account]?.counters.allRequests ?? 0
        environment.records.update(account) { record in
            record.status.lastAttempt = started.wallTime
            record.status.isCollecting = true
            record.status.nextRun = nil
        }
        let outcome = await outcome(of: started.now)
        if case .failure(.cancelled) = outcome {
            environment.records.update(account) { $0.status.isCollecting = false }
            return
        }
        let summary = CycleSummary(
            outcome: outcome,
            started: started,
            ended: ClockReading(clock),
            sentBefore: sentBefore
        )
        let before = status
        tell(await ledger.publish(summary.applied(to: before)))
        environment.records.update(account) { summary.apply(to: &$0) }
        if let event = summary.event(before: before, after: status) { environment.report(account, event) }
    }

    /// Shows nothing from here on; returns what a successor needs to go on.
    func retire() -> AccountSnapshot {
        ledger.retire(status)
    }

    private func collect() async {
        var schedule = CollectionSchedule(interval: plan.settings.interval, from: clock.now, jitter: environment.jitter)
        var start = schedule.next
        while !Task.isCancelled {
            let next = ClockReading(clock).date(start)
            environment.records.update(account) { $0.status.nextRun = next }
            guard (try? await clock.wait(until: start)) != nil else { return }
            let started = clock.now
            await cycle()
            tell(skipped: schedule.advance(to: clock.now), took: clock.now - started)
            start = schedule.start(jitter: environment.jitter)
        }
    }

    /// A cycle's end: by itself, at the deadline, or cancelled.
    private func outcome(of started: ContinuousClock.Instant) async -> Result<Void, APIError> {
        let deadline = CollectionSchedule.deadline(from: started, interval: plan.settings.interval)
        circuit.close(until: deadline)
        let cycle = CollectionCycle(plan: plan, source: source, ledger: ledger, environment: environment)
        return await withTaskGroup(of: Result<Void, APIError>?.self) { group in
            group.addTask {
                do throws(APIError) { return .success(try await cycle.run()) } catch { return .failure(error) }
            }
            group.addTask { (try? await self.clock.wait(until: deadline)).map { .failure(.timedOut) } }
            group.addTask {
                await self.publishMeanwhile()
                return nil
            }
            var outcome: Result<Void, APIError>?
            while outcome == nil, let ended = await group.next() { outcome = ended }
            group.cancelAll()
            return outcome ?? .failure(.cancelled)
        }
    }

    private func publishMeanwhile() async {
        while (try? await clock.wait(until: clock.now + Self.publishPeriod)) != nil {
            await ledger.publish(status)
        }
    }

    /// Publishes whenever something becomes too old.
    ///
    /// Whatever is collected from now on lives at least `maxStaleness`, so looking again then misses nothing.
    private func expire() async {
        while true {
            let now = clock.now
            let next = ledger.data.nextExpiry(after: now) ?? now + plan.settings.maxStaleness
            let moment = max(min(next, now + plan.settings.maxStaleness), now + .seconds(1))
            guard (try? await clock.wait(until: moment)) != nil else { return }
            await ledger.publish(status)
        }
    }

    private func tell(_ limited: LimitedReport?) {
        guard let limited, limited.droppedSeries + limited.shortenedLabels > 0 else { return }
        environment.records.count(account) { counters in
            counters.addDropped(limited.droppedSeries, "series_limit")
            counters.addDropped(limited.shortenedLabels, "label_value_length")
        }
        environment.report(account, .limited(series: limited.droppedSeries, labels: limited.shortenedLabels))
    }

    private func tell(skipped: Int, took: Duration) {
        guard skipped > 0 else { return }
        environment.records.count(account) { $0.skipped += skipped }
        environment.report(account, .slow(took: took, interval: plan.settings.interval, skipped: skipped))
    }

    private func restore() async {
        if let seed {
            ledger.restore(seed)
            await ledger.publish(status)
        } else if let saved = await load() {
            ledger.restore(saved)
            environment.records.update(account) { record in
                record.status.state = saved.state
                record.status.lastAttempt = saved.lastAttempt
                record.status.lastSuccess = saved.lastSuccess
            }
            await ledger.publish(status)
            tellRestored(saved)
        }
    }

    private func load() async -> AccountSnapshot? {
        do throws(SnapshotError) {
            guard let saved = try await environment.archive?.load(account) else { return nil }
            guard saved.account == account, saved.format == AccountSnapshot.currentFormat else {
                throw .foreign(format: saved.format)
            }
            return saved
        } catch {
            environment.report(account, .archiveFailed(error))
            return nil
        }
    }

    private func tellRestored(_ saved: AccountSnapshot) {
        let age = saved.listed.map { clock.wallTime.since($0) } ?? .zero
        environment.report(account, .restored(campaigns: saved.campaigns.count, age: age))
    }
}
