// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Synchronization
import TestSupport

/// The context of collectors in virtual time, with factories for plans, sources and collectors.
struct CollectionFixture: Sendable {
    let clock: TestClock
    let context: CollectionContext
    let events: EventLog

    init(_ clock: TestClock, seed: UInt64 = 1, totalRequests: Int = 64, archive: (any SnapshotStore)? = nil) {
        let events = EventLog()
        self.clock = clock
        self.events = events
        context = CollectionContext(
            clock: clock,
            jitter: .seeded(seed),
            totalRequests: totalRequests,
            archive: archive,
            observe: { events.append($0) }
        )
    }

    var reports: [AccountReport] { context.store.reports }
    var campaigns: [Campaign] { reports.flatMap(\.campaigns) }

    func record(_ plan: AccountPlan) throws -> AccountRecords.Record {
        guard let record = context.records[plan.account] else { throw NoValue() }
        return record
    }

    /// A plan, and the source that its collector will create.
    func plan(
        _ name: String = "acme",
        world: ScriptedSource.World = .init(),
        detailBatch: Int = 1,
        listingShowsChange: Bool = true,
        groupSize: Int = 0,
        rate: Double = 8
    ) -> (plan: AccountPlan, source: Deferred<ScriptedSource>) {
        let source = Deferred<ScriptedSource>()
        let plan = AccountPlan(
            AccountSettings(
                account: Account(provider: "instantly", name: name),
                key: Secret(name),
                baseURL: "http://stub",
                requestsPerSecond: rate
            )
        ) { [clock] gate in
            let made = ScriptedSource(
                gate,
                clock,
                world: world,
                detailBatch: detailBatch,
                listingShowsChange: listingShowsChange,
                groupSize: groupSize
            )
            source.set(made)
            return made
        }
        return (plan, source)
    }

    /// A collector with its own rate limiter.
    func collector(_ plan: AccountPlan) -> AccountCollector {
        let limiter = RateLimiter(rate: plan.settings.requestsPerSecond, burst: plan.burst, clock: clock)
        return AccountCollector(plan, limiter: limiter, in: context)
    }

    /// Runs a service during the body, and cancels it afterwards.
    func running(_ service: @escaping @Sendable () async -> Void, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service() }
            try await body()
            group.cancelAll()
        }
    }

    func sleep(_ duration: Duration) async throws {
        try await clock.sleep(until: clock.now + duration, tolerance: nil)
    }
}

struct NoValue: Error {}

/// A value shared by tasks.
final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    func withLock<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        state.withLock { body(&$0) }
    }
}

/// A value set later.
final class Deferred<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    func set(_ value: Value) { state.withLock { $0 = value } }

    var value: Value {
        get throws {
            guard let value = state.withLock({ $0 }) else { throw NoValue() }
            return value
        }
    }
}

final class EventLog: Sendable {
    private let state = Mutex<[CollectionEvent]>([])

    var events: [CollectionEvent] { state.withLock { $0 } }
    var kinds: [CollectionEvent.Kind] { events.map(\.kind) }
    var messages: [String] { events.map(\.message) }

    func append(_ event: CollectionEvent) { state.withLock { $0.append(event) } }
}

extension ScriptedSource.World {
    /// Campaigns `c000`, `c001`, … that sent `sent` messages each.
    static func campaigns(_ count: Int, sent: Double = 100) -> Self {
        var world = Self()
        for index in 0..<count { world.setSent(sent, of: id(index), revision: "0") }
        return world
    }

    static func id(_ index: Int) -> String {
        let digits = String(index)
        return "c" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    /// Sets the messages sent in a campaign's row and detail, and half as many opens in its detail.
    mutating func setSent(_ sent: Double, of id: String, revision: String) {
        rows[id] = ListedCampaign(.sent(sent, id: id), revision: revision)
        var detail = Campaign.sent(sent, id: id)
        detail.measures[.opens] = sent / 2
        details[id] = detail
    }
}

extension Campaign {
    static func sent(_ sent: Double, id: String, name: String? = "name", steps: [Step] = []) -> Campaign {
        var measures = Measures<CampaignMeasure>()
        measures[.messagesSent] = sent
        return Campaign(id: id, name: name, status: .active, measures: measures, steps: steps)
    }
}
