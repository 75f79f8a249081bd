// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import Synchronization
import TestSupport

/// The exporter without its sockets: the providers' own clients before a simulator, collected in virtual time.
struct Rig: Sendable {
    let clock: TestClock
    let simulator: Simulator
    let archive: MemorySnapshotStore?
    let environment: CollectionContext
    let fleet: CollectionManager
    let events: EventLog

    /// Builds an exporter before a simulator, whose world stands still until told.
    init(_ clock: TestClock, _ simulator: Simulator, archive: MemorySnapshotStore? = nil, seed: UInt64 = 1) {
        let events = EventLog()
        self.clock = clock
        self.simulator = simulator
        self.archive = archive
        self.events = events
        environment = CollectionContext(
            clock: clock,
            jitter: .seeded(seed),
            archive: archive,
            observe: { events.append($0) }
        )
        fleet = CollectionManager(in: environment)
    }

    /// A simulator on the clock of the test.
    static func simulator(_ clock: TestClock, _ change: (inout SimulatorSettings) -> Void) -> Simulator {
        var settings = SimulatorSettings()
        settings.speed = 0
        settings.enforcesLimits = false
        change(&settings)
        return Simulator(settings, wall: { clock.wallTime.seconds })
    }

    /// Plans an account as the settings would by default.
    func plan(
        _ platform: Platform,
        _ name: String = "acme",
        interval: Duration = .seconds(300),
        rate: Double? = nil,
        latency: Duration = .milliseconds(100)
    ) -> AccountPlan {
        let transport = VirtualTransport(simulator: simulator, clock: clock, latency: latency)
        return AccountPlan(
            AccountSettings(
                account: platform.account(name),
                key: Secret(name),
                baseURL: "http://simulator\(platform.path)",
                requestsPerSecond: rate ?? platform.requestsPerSecond,
                interval: interval
            )
        ) { [clock] gate in
            platform.source(name, gate: gate, transport: transport, clock: clock)
        }
    }

    /// Collects these accounts beside the body.
    func collecting(_ plans: [AccountPlan], _ body: () async throws -> Void) async throws {
        fleet.apply(plans)
        try await withThrowingTaskGroup { group in
            group.addTask { [fleet] in await fleet.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Waits.
    func pass(_ duration: Duration) async throws {
        try await clock.sleep(until: clock.now + duration, tolerance: nil)
    }

    /// Waits until so much time has passed since the start.
    func pass(until elapsed: Duration) async throws {
        try await pass(elapsed - clock.elapsed)
    }

    /// Lets the world live for a while in a second of the clock, then stand still again.
    func live(for seconds: Double) async throws {
        simulator.setSpeed(seconds)
        try await pass(.seconds(1))
        simulator.setSpeed(0)
    }

    /// What an account counted and how it is.
    func record(_ account: Account) throws -> AccountRecords.Record {
        guard let record = environment.records[account] else { throw Missing() }
        return record
    }
}

struct Missing: Error {}

/// Remembers events.
final class EventLog: Sendable {
    private let state = Mutex<[CollectionEvent]>([])

    var events: [CollectionEvent] { state.withLock { $0 } }
    var messages: [String] { events.map(\.message) }

    func append(_ event: CollectionEvent) { state.withLock { $0.append(event) } }
}
