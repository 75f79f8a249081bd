// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite("What an account may put on the page")
struct LimitsTests {
    /// Two campaigns of four series each.
    private func plan(_ stage: Stage, _ limits: ReportLimits) -> AccountPlan {
        var (plan, _) = stage.plan(world: .campaigns(2))
        plan.limits = limits
        return plan
    }

    private func dropped(_ stage: Stage, _ plan: AccountPlan) throws -> [String: Int] {
        try stage.record(plan).counters.dropped
    }

    @Test("What is over the limit is left out, told and counted once per collection")
    func series() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let plan = plan(stage, ReportLimits(series: 7))
            let collector = stage.collector(plan)
            await collector.cycle()
            #expect(stage.campaigns.map(\.id) == ["c000"])
            let first = try dropped(stage, plan)
            #expect(first == ["series_limit": 4])
            #expect(stage.events.kinds.contains(.limited(series: 4, labels: 0)))
            await collector.cycle()
            let second = try dropped(stage, plan)
            #expect(second == ["series_limit": 8])
        }
    }

    @Test("A label that is too long is shortened and counted")
    func labels() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let plan = plan(stage, ReportLimits(labelValueLength: 3))
            await stage.collector(plan).cycle()
            #expect(stage.campaigns.isEmpty == false)
            #expect(stage.campaigns.allSatisfy { $0.id.utf8.count <= 3 && ($0.name ?? "").utf8.count <= 3 })
            let reasons = try dropped(stage, plan)
            #expect(reasons.keys.sorted() == ["label_value_length"])
        }
    }

    @Test("Within the limits nothing is left out, counted or told")
    func within() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let plan = plan(stage, ReportLimits(series: 8, labelValueLength: 30))
            await stage.collector(plan).cycle()
            #expect(stage.campaigns.count == 2)
            let reasons = try dropped(stage, plan)
            #expect(reasons.isEmpty)
        }
    }

    @Test("Limits that change act at once, on the data there is")
    func reload() async throws {
        try await Simulation.run { clock in
            let stage = Stage(clock)
            let wide = plan(stage, ReportLimits())
            let narrow = plan(stage, ReportLimits(series: 4))
            let fleet = CollectionManager(in: stage.environment)
            fleet.apply([wide])
            try await stage.with({ await fleet.run() }) {
                try await stage.pass(.seconds(100))
                #expect(stage.campaigns.count == 2)
                fleet.apply([narrow])
                try await stage.pass(.seconds(1))
                #expect(stage.campaigns.count == 1)
                fleet.apply([wide])
                try await stage.pass(.seconds(1))
                #expect(stage.campaigns.count == 2)
            }
        }
    }
}
