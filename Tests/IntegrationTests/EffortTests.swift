// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// How many calls a fleet costs of which little changes, and how soon a change is seen.
@Suite struct EffortTests {
    private static let interval = Duration.seconds(300)

    /// Of a small fleet a page, a turn and the search for a silent change weigh more.
    ///
    /// `OUTREACH_SOAK=1 swift test -c release -Xswiftc -enable-testing --filter EffortTests` does it with 2,000.
    @Test(
        "Of Instantly campaigns of which 2 % change per cycle no cycle behind the first costs more than 5 % of a sweep"
    )
    func cost() async throws {
        let (campaigns, cycles, most) = isLong ? (2_000, 300, 0.05) : (200, 20, 0.07)
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { settings in
                settings.campaigns = campaigns
                settings.steps = 1
                settings.variants = 1
                settings.mailboxes = 1
                settings.movingShare = 0.02
                settings.turn = 24 * 3600
            }
            let rig = Rig(clock, simulator)
            let plan = rig.plan(.instantly, interval: Self.interval, rate: 20)
            try await rig.collecting([plan]) {
                while try rig.record(plan.account).status.state == .starting { try await rig.pass(.seconds(1)) }
                let sweep = Double(try rig.record(plan.account).calls)
                var costs: [Double] = []
                try await rig.pass(until: Self.interval * 5 / 2)
                for cycle in 1...cycles {
                    let before = try rig.record(plan.account).calls
                    // Midway between two cycles a fiftieth of the campaigns has a day.
                    try await rig.live(for: 24 * 3600)
                    try await rig.pass(Self.interval - .seconds(1))
                    costs.append(Double(try rig.record(plan.account).calls - before) / sweep)
                    if cycle % 20 == 0 { try await rig.expectTruth(.instantly) }
                }
                #expect((costs.max() ?? 1) <= most, "\(costs)")
                report("share of a sweep", costs)
            }
        }
    }

    @Test(
        "Whatever moves is shown with the next cycle; of many SendKit campaigns what moves unseen within an hour",
        arguments: [
            (Platform.instantly, 60, interval), (.lemlist, 60, interval), (.sendkit, 25, interval),
            (.sendkit, 60, .seconds(3600)),
        ]
    )
    func latency(_ platform: Platform, campaigns: Int, within time: Duration) async throws {
        try await Simulation.run { clock in
            let rig = Rig(clock, Rig.simulator(clock) { $0.campaigns = campaigns })
            let plan = rig.plan(platform)
            try await rig.collecting([plan]) {
                try await rig.pass(until: Self.interval * 27 / 2)
                for hours in [0.3, 5, 0.1, 40, 0.5, 0.2] {
                    try await rig.live(for: hours * 3600)
                    try await rig.pass(time - .seconds(1))
                    try await rig.expectTruth(platform)
                }
            }
        }
    }
}

extension Rig {
    /// Expects that the campaigns are shown as they are.
    ///
    /// But for another opportunity of a lead that is one already, which Instantly tells by step alone: a day's turn.
    fileprivate func expectTruth(_ platform: Platform) async throws {
        func seen(_ series: Series) -> Series {
            series.ofCampaigns.filter {
                platform != .instantly || !$0.key.hasPrefix("outreach_step_opportunities_total")
            }
        }
        let truth = seen(Series([try await truth(platform)]))
        #expect(seen(Series(environment.store)).differences(from: truth) == [])
    }
}

extension AccountRecords.Record {
    /// Every request so far.
    fileprivate var calls: Int { counters.requests.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
}

/// Tells what a long test saw.
private func report(_ what: String, _ values: [Double]) {
    guard isLong, let least = values.min(), let most = values.max() else { return }
    print(what, "least \(least)", "average \(values.reduce(0, +) / Double(values.count))", "most \(most)")
}
