// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Synchronization
import TestSupport

/// A collector with everything around it, for tests in virtual time.
struct Stage: Sendable {
    let clock: TestClock
    let environment: CollectionContext
    let events: EventLog

    init(_ clock: TestClock, seed: UInt64 = 1, totalRequests: Int = 64, archive: (any SnapshotStore)? = nil) {
        let events = EventLog()
        self.clock = clock
        self.events = events
        environment = CollectionContext(
            clock: clock,
            jitter: .seeded(seed),
            totalRequests: totalRequests,
            archive: archive,
            observe: { events.append($0) }
        )
    }

    var reports: [AccountReport] { environment.store.reports }
    var campaigns: [Campaign] { reports.flatMap(\.campaigns) }

    func record(_ plan: AccountPlan) throws -> AccountRecords.Record {
        guard let record = environment.records[plan.account] else { throw Missing() }
        return record
    }

    /// A plan and the source that it will make.
    func plan(
        _ name: String = "acme",
        world: ScriptedSource.World = .init(),
        detailBatch: Int = 1,
        listingShowsChange: Bool = true,
        groupSize: Int = 0,
        rate: Double = 8
    ) -> (plan: AccountPlan, source: Lazy<ScriptedSource>) {
        let source = Lazy<ScriptedSource>()
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

    /// A collector with a limiter of its own.
    func collector(_ plan: AccountPlan) -> AccountCollector {
        let limiter = RateLimiter(rate: plan.settings.requestsPerSecond, burst: plan.burst, clock: clock)
        return AccountCollector(plan, limiter: limiter, in: environment)
    }

    /// Runs a service beside the body, and cancels it behind the body.
    func with(_ service: @escaping @Sendable () async -> Void, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await service() }
            try await body()
            group.cancelAll()
        }
    }

    /// Waits.
    func pass(_ duration: Duration) async throws {
        try await clock.sleep(until: clock.now + duration, tolerance: nil)
    }
}

struct Missing: Error {}

/// A value that tasks share.
final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    func withLock<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        state.withLock { body(&$0) }
    }
}

/// Something made later.
final class Lazy<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    func set(_ value: Value) { state.withLock { $0 = value } }

    var value: Value {
        get throws {
            guard let value = state.withLock({ $0 }) else { throw Missing() }
            return value
        }
    }
}

/// Remembers events.
final class EventLog: Sendable {
    private let state = Mutex<[CollectionEvent]>([])

    var events: [CollectionEvent] { state.withLock { $0 } }
    var kinds: [CollectionEvent.Kind] { events.map(\.kind) }
    var messages: [String] { events.map(\.message) }

    func append(_ event: CollectionEvent) { state.withLock { $0.append(event) } }
}

extension ScriptedSource.World {
    /// Campaigns `c000`, `c001`, … that sent as many messages as told.
    static func campaigns(_ count: Int, sent: Double = 100) -> Self {
        var world = Self()
        for index in 0..<count { world.setSent(sent, of: id(index), revision: "0") }
        return world
    }

    static func id(_ index: Int) -> String {
        let digits = String(index)
        return "c" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    /// Lets row and detail of a campaign tell the number.
    mutating func setSent(_ sent: Double, of id: String, revision: String) {
        rows[id] = ListedCampaign(.sent(sent, id: id), revision: revision)
        var detail = Campaign.sent(sent, id: id)
        detail.measures[.opens] = sent / 2
        details[id] = detail
    }
}

extension Campaign {
    /// A campaign with a number of messages sent.
    static func sent(_ sent: Double, id: String, name: String? = "name", steps: [Step] = []) -> Campaign {
        var measures = Measures<CampaignMeasure>()
        measures[.messagesSent] = sent
        return Campaign(id: id, name: name, status: .active, measures: measures, steps: steps)
    }
}
