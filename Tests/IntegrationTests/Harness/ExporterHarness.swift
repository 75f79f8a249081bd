// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Simulator
import Synchronization
import TestSupport

/// The exporter without sockets: the providers' clients collect from a simulator in virtual time.
struct ExporterHarness: Sendable {
    let clock: TestClock
    let simulator: Simulator
    let archive: MemorySnapshotStore?
    let context: CollectionContext
    let manager: CollectionManager
    let events: EventLog

    /// Creates an exporter of a simulator whose clock is stopped.
    init(_ clock: TestClock, _ simulator: Simulator, archive: MemorySnapshotStore? = nil, seed: UInt64 = 1) {
        let events = EventLog()
        self.clock = clock
        self.simulator = simulator
        self.archive = archive
        self.events = events
        context = CollectionContext(
            clock: clock,
            jitter: .seeded(seed),
            archive: archive,
            observe: { events.append($0) }
        )
        manager = CollectionManager(in: context)
    }

    /// A simulator on the clock of the test.
    static func simulator(_ clock: TestClock, _ change: (inout SimulatorSettings) -> Void) -> Simulator {
        var settings = SimulatorSettings()
        settings.speed = 0
        settings.enforcesLimits = false
        change(&settings)
        return Simulator(settings, wall: { clock.wallTime.seconds })
    }

    /// An account with the default settings of its provider.
    func plan(
        _ provider: SimulatedProvider,
        _ name: String = "acme",
        interval: Duration = .seconds(300),
        rate: Double? = nil,
        latency: Duration = .milliseconds(100),
        responseLimit: Int = 16 << 20
    ) -> AccountPlan {
        let transport = VirtualTransport(
            simulator: simulator,
            clock: clock,
            latency: latency,
            responseLimit: responseLimit
        )
        var settings = AccountSettings(
            account: provider.account(name),
            key: Secret(name),
            baseURL: "http://simulator\(provider.path)",
            requestsPerSecond: rate ?? provider.requestsPerSecond,
            interval: interval
        )
        settings.maximumRequestsPerSecond = rate ?? provider.maximumRequestsPerSecond
        return AccountPlan(settings) { [clock] gate in
            provider.source(name, gate: gate, transport: transport, clock: clock)
        }
    }

    /// Collects from these accounts while the body runs.
    func collecting(_ plans: [AccountPlan], _ body: () async throws -> Void) async throws {
        manager.apply(plans)
        try await withThrowingTaskGroup { group in
            group.addTask { [manager] in await manager.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Sleeps for a duration of the clock.
    func advance(_ duration: Duration) async throws {
        try await clock.sleep(until: clock.now + duration, tolerance: nil)
    }

    /// Sleeps until a duration after the start of the clock.
    func advance(until elapsed: Duration) async throws {
        try await advance(elapsed - clock.elapsed)
    }

    /// Advances the simulator by simulated seconds within one second of the clock, then stops it again.
    func runWorld(for seconds: Double) async throws {
        simulator.setSpeed(seconds)
        try await advance(.seconds(1))
        simulator.setSpeed(0)
    }

    /// The counters and status of an account.
    func record(_ account: Account) throws -> AccountRecords.Record {
        guard let record = context.records[account] else { throw MissingRecord() }
        return record
    }
}

struct MissingRecord: Error {}

/// Records collection events.
final class EventLog: Sendable {
    private let state = Mutex<[CollectionEvent]>([])

    var events: [CollectionEvent] { state.withLock { $0 } }
    var messages: [String] { events.map(\.message) }

    func append(_ event: CollectionEvent) { state.withLock { $0.append(event) } }
}

/// Whether the tests that take minutes run too: `OUTREACH_SOAK=1`.
let runsLongTests = ProcessInfo.processInfo.environment["OUTREACH_SOAK"] != nil

extension ExporterHarness {
    /// Of 200 campaigns with 100 mailboxes, of which 2 % change between two cycles: what comes with every cycle weighs most.
    static func quiet(_ clock: TestClock) -> ExporterHarness {
        let simulator = simulator(clock) { settings in
            settings.campaigns = 200
            settings.steps = 1
            settings.variants = 1
            settings.mailboxes = 100
            settings.activeShare = 0.02
            settings.activePeriod = 300
            settings.speed = 1
        }
        return ExporterHarness(clock, simulator)
    }
}

extension AccountRecords.Record {
    /// Every request so far by its route.
    var callsByRoute: [String: Int] { counters.requests.mapValues { $0.values.reduce(0, +) } }
}
