// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// A first sweep is as fast as the limit allows.
@Suite(.timeLimit(.minutes(30))) struct PaceTests {
    /// The limits that the simulator enforces, in requests per second.
    private static let limits: [SimulatedProvider: Double] = [.lemlist: 10, .sendkit: 10, .instantly: 10]

    @Test(
        "A first sweep of 1,000 campaigns takes calls ÷ rate, 10 % more at most, without a 429",
        arguments: [SimulatedProvider.lemlist, .sendkit]
    )
    func firstSweep(_ provider: SimulatedProvider) async throws {
        try await sweep(provider, rate: provider.requestsPerSecond, allows: 0)
    }

    @Test(
        "Configured to twice the limit, the pace is found and the sweep still ends",
        arguments: [SimulatedProvider.sendkit]
    )
    func tooFast(_ provider: SimulatedProvider) async throws {
        try await sweep(provider, rate: 20, allows: 40)
    }

    @Test("At 60 requests a minute and 1,000 an hour, 200 campaigns of which 10 % move are collected without a 429")
    func quota() async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 200
                settings.activeShare = 0.1
                settings.activePeriod = 24 * 3600
                settings.enforcesLimits = true
            }
            let harness = ExporterHarness(clock, simulator)
            let plan = harness.plan(.smartlead, interval: .seconds(900))
            try await harness.collecting([plan]) {
                var before = 0
                for _ in 0..<4 {
                    for _ in 0..<4 {
                        // A tenth of the campaigns has a day in each cycle.
                        try await harness.runWorld(for: 24 * 3600)
                        try await harness.advance(.seconds(899))
                    }
                    let record = try harness.record(plan.account)
                    let calls = record.counters.requests.values.reduce(0) { $0 + $1.values.reduce(0, +) }
                    #expect(record.counters.requests.values.allSatisfy { $0["429"] == nil })
                    #expect(record.status.state == .up && record.counters.skipped == 0)
                    #expect(calls - before < 1_000 && calls - before > 100)
                    before = calls
                }
            }
        }
    }

    private func sweep(_ provider: SimulatedProvider, rate: Double, allows refusals: Int) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 1_000
                settings.steps = 1
                settings.variants = 1
                settings.enforcesLimits = true
            }
            let harness = ExporterHarness(clock, simulator)
            let plan = harness.plan(provider, rate: rate)
            try await harness.collecting([plan]) {
                while try harness.record(plan.account).status.state == .starting {
                    try await harness.advance(.seconds(1))
                }
                let record = try harness.record(plan.account)
                let took = try #require(record.status.lastDuration) / .seconds(1)
                let calls = Double(record.counters.requests.values.reduce(0) { $0 + $1.values.reduce(0, +) })
                let refused = record.counters.requests.values.reduce(0) { $0 + ($1["429"] ?? 0) }
                let pace = min(rate, Self.limits[provider] ?? rate)
                #expect(record.status.state == .up)
                #expect(refused <= refusals)
                if refusals == 0 { #expect(took <= calls / pace * 1.1 + 1) }
            }
        }
    }
}
