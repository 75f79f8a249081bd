// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// How many calls a fleet costs of which little changes, and how soon a change is seen.
@Suite(.timeLimit(.minutes(30))) struct EffortTests {
    private static let interval = Duration.seconds(300)

    /// Of a small fleet a page, a turn and the search for a silent change weigh more.
    ///
    /// `OUTREACH_SOAK=1 swift test -c release -Xswiftc -enable-testing --filter EffortTests` does it with 2,000.
    @Test(
        "Where 2 % of the campaigns change per cycle, no cycle after the first costs more than a small part of a sweep",
        arguments: [(SimulatedProvider.instantly, 0.07, 0.05), (.emailbison, 0.09, 0.08)]
    )
    func cost(_ provider: SimulatedProvider, most short: Double, long: Double) async throws {
        let (campaigns, cycles, most) = runsLongTests ? (2_000, 300, long) : (200, 10, short)
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = campaigns
                settings.steps = 1
                settings.variants = 1
                settings.mailboxes = 1
                settings.activeShare = 0.02
                settings.activePeriod = 24 * 3600
            }
            let harness = ExporterHarness(clock, simulator)
            let plan = harness.plan(provider, interval: Self.interval, rate: 20)
            try await harness.collecting([plan]) {
                while try harness.record(plan.account).status.state == .starting {
                    try await harness.advance(.seconds(1))
                }
                let sweep = Double(try harness.record(plan.account).calls)
                var costs: [Double] = []
                try await harness.advance(until: Self.interval * 5 / 2)
                for cycle in 1...cycles {
                    let before = try harness.record(plan.account).calls
                    // Midway between two cycles a fiftieth of the campaigns has a day.
                    try await harness.runWorld(for: 24 * 3600)
                    try await harness.advance(Self.interval - .seconds(1))
                    costs.append(Double(try harness.record(plan.account).calls - before) / sweep)
                    if cycle % 10 == 0 { try await harness.expectAccurateSamples(provider) }
                }
                #expect((costs.max() ?? 1) <= most, "\(costs)")
                report("share of a sweep", costs)
            }
        }
    }

    /// The share of labels and reasons grows with what the first cycle requested: hours later that is spent.
    @Test(
        "Labels, plan, reasons and counters of 100 mailboxes add a twentieth at most to the calls of 200 quiet campaigns",
        .enabled(if: runsLongTests),
        arguments: [SimulatedProvider.instantly, .lemlist, .sendkit]
    )
    func supplements(_ provider: SimulatedProvider) async throws {
        try await Simulation.run { clock in
            let harness = ExporterHarness.quiet(clock)
            let plan = harness.plan(provider, rate: 20)
            let added = plan.source(RequestGate()).supplementaryRoutes
            try await harness.collecting([plan]) {
                try await harness.advance(.seconds(2 * 3600))
                let before = try harness.record(plan.account).callsByRoute
                try await harness.advance(.seconds(3 * 3600))
                let calls = try harness.record(plan.account).callsByRoute.map { ($0, $1 - (before[$0] ?? 0)) }
                let supplementary = calls.reduce(0) { $0 + (added.contains($1.0) ? $1.1 : 0) }
                let others = calls.reduce(0) { $0 + $1.1 } - supplementary
                #expect(supplementary > 0 && supplementary * 20 <= others, "\(calls)")
                report("supplementary and other calls", [Double(supplementary), Double(others)])
            }
        }
    }

    @Test(
        "Whatever moves is shown with the next cycle; of many SendKit campaigns what moves unseen within an hour",
        arguments: [
            (SimulatedProvider.instantly, 30, interval), (.lemlist, 30, interval), (.sendkit, 25, interval),
            (.sendkit, 60, .seconds(3600)), (.emailbison, 30, interval),
        ]
    )
    func latency(_ provider: SimulatedProvider, campaigns: Int, within time: Duration) async throws {
        try await Simulation.run { clock in
            let harness = ExporterHarness(clock, ExporterHarness.simulator(clock) { $0.campaigns = campaigns })
            let plan = harness.plan(provider)
            try await harness.collecting([plan]) {
                try await harness.advance(until: Self.interval * 27 / 2)
                for hours in [0.3, 5, 0.1, 40, 0.5, 0.2] {
                    try await harness.runWorld(for: hours * 3600)
                    try await harness.advance(time - .seconds(1))
                    try await harness.expectAccurateSamples(provider)
                }
            }
        }
    }
}

extension ExporterHarness {
    /// Expects that the campaigns are shown as they are.
    ///
    /// But for another opportunity of a lead that is one already, which Instantly tells by step alone: a day's turn.
    fileprivate func expectAccurateSamples(_ provider: SimulatedProvider) async throws {
        func seen(_ series: Samples) -> Samples {
            series.campaignSamples.filter {
                provider != .instantly || !$0.key.hasPrefix("outreach_step_opportunities_total")
            }
        }
        let expected = seen(Samples([try await expectedReport(provider)]))
        #expect(seen(Samples(context.store)).differences(from: expected) == [])
    }
}

extension AccountRecords.Record {
    /// Every request so far.
    fileprivate var calls: Int { callsByRoute.values.reduce(0, +) }
}

/// Prints the range of a long test's results.
private func report(_ what: String, _ values: [Double]) {
    guard runsLongTests, let least = values.min(), let most = values.max() else { return }
    print(what, "least \(least)", "average \(values.reduce(0, +) / Double(values.count))", "most \(most)")
}
