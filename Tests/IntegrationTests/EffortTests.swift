// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// How many calls a fleet costs where little changes, and how soon a change is seen.
///
/// Two demands pull at each other: at most 5 % of a full sweep's calls per cycle, and no detail older than an hour, which
/// alone costs `interval / hour`. The hourly refresh is spread evenly over the cycles, so that both hold at an interval
/// of a minute, and at five minutes what changed stays within 5 % and the refresh adds its twelfth in every cycle.
@Suite struct EffortTests {
    private struct Fleet {
        let campaigns: Int
        let interval: Duration
        let rate: Double
        let hours: Int
    }

    @Test("Of a fleet in which 2 % change per minute a cycle costs at most 5 % of a full sweep")
    func minute() async throws {
        try await sweep(.init(campaigns: 200, interval: .seconds(60), rate: 8, hours: 2), share: 0.05, quiet: 0.03)
    }

    @Test("Of a fleet in which 2 % change per five minutes what changed costs at most 5 %, the refresh a twelfth")
    func fiveMinutes() async throws {
        try await sweep(.init(campaigns: 200, interval: .seconds(300), rate: 8, hours: 3), share: 0.15, quiet: 0.05)
    }

    @Test("The same holds for 2,000 campaigns", .enabled(if: isLong))
    func whole() async throws {
        try await sweep(.init(campaigns: 2_000, interval: .seconds(300), rate: 8, hours: 4), share: 0.13, quiet: 0.03)
    }

    /// Looks at every cycle behind the first two: all its calls, and those that are no refresh.
    private func sweep(_ fleet: Fleet, share: Double, quiet: Double) async throws {
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { settings in
                settings.campaigns = fleet.campaigns
                settings.steps = 1
                settings.variants = 1
                settings.mailboxes = 1
                settings.movingShare = 0.02
                settings.turn = fleet.interval / .seconds(1) * 100
                settings.speed = 100
            }
            let rig = Rig(clock, simulator)
            let plan = rig.plan(.instantly, interval: fleet.interval, rate: fleet.rate)
            try await rig.collecting([plan]) {
                try await rig.pass(.seconds(fleet.campaigns * 2 / Int(fleet.rate) + 60))
                let full = Double(fleet.campaigns * 2 + fleet.campaigns / 100 + 1)
                var (last, costs) = (try rig.record(plan.account).counters, [Double]())
                let cycles = fleet.hours * 3600 / Int(fleet.interval / .seconds(1))
                try await rig.pass(fleet.interval)
                for _ in 0..<cycles {
                    last = try rig.record(plan.account).counters
                    try await rig.pass(fleet.interval)
                    let now = try rig.record(plan.account).counters
                    costs.append(Double(now.calls - last.calls) / full)
                }
                let refresh = 1 / (Duration.seconds(3600) / fleet.interval - 1)
                let average = costs.reduce(0, +) / Double(costs.count)
                #expect(average <= share)
                #expect(average - refresh <= quiet)
                #expect((costs.max() ?? 1) <= 0.2)
                simulator.setSpeed(0)
                try await rig.pass(fleet.interval * 2)
                let truth = Series([try await rig.truth(.instantly)]).ofCampaigns
                #expect(Series(rig.environment.store).ofCampaigns.differences(from: truth) == [])
            }
        }
    }
}

extension AccountCounters {
    fileprivate var calls: Int { requests.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
}
