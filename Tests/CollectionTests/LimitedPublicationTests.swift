// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite(.timeLimit(.minutes(30))) struct LimitedPublicationTests {
    /// Two campaigns of four series each.
    private func plan(_ fixture: CollectionFixture, _ limits: ReportLimits) -> AccountPlan {
        var (plan, _) = fixture.plan(world: .campaigns(2))
        plan.limits = limits
        return plan
    }

    private func dropped(_ fixture: CollectionFixture, _ plan: AccountPlan) throws -> [String: Int] {
        try fixture.record(plan).counters.dropped
    }

    @Test("Series over the limit are dropped, reported and counted once per collection")
    func series() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let plan = plan(fixture, ReportLimits(series: 7))
            let collector = fixture.collector(plan)
            await collector.cycle()
            #expect(fixture.campaigns.map(\.id) == ["c000"])
            let first = try dropped(fixture, plan)
            #expect(first == ["series_limit": 4])
            #expect(fixture.events.kinds.contains(.limited(series: 4, labels: 0)))
            await collector.cycle()
            let second = try dropped(fixture, plan)
            #expect(second == ["series_limit": 8])
            #expect(fixture.events.kinds.filter { $0 == .limited(series: 4, labels: 0) }.count == 1)
        }
    }

    @Test("A label that is too long is shortened and counted")
    func labels() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let plan = plan(fixture, ReportLimits(labelValueLength: 3))
            await fixture.collector(plan).cycle()
            #expect(fixture.campaigns.isEmpty == false)
            #expect(fixture.campaigns.allSatisfy { $0.id.utf8.count <= 3 && ($0.name ?? "").utf8.count <= 3 })
            let reasons = try dropped(fixture, plan)
            #expect(reasons.keys.sorted() == ["label_value_length"])
        }
    }

    @Test("Within the limits nothing is dropped, counted or reported")
    func within() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let plan = plan(fixture, ReportLimits(series: 8, labelValueLength: 30))
            await fixture.collector(plan).cycle()
            #expect(fixture.campaigns.count == 2)
            let reasons = try dropped(fixture, plan)
            #expect(reasons.isEmpty)
        }
    }

    @Test("Limits that change act at once, on the data there is")
    func reload() async throws {
        try await Simulation.run { clock in
            let fixture = CollectionFixture(clock)
            let wide = plan(fixture, ReportLimits())
            let narrow = plan(fixture, ReportLimits(series: 4))
            let manager = CollectionManager(in: fixture.context)
            manager.apply([wide])
            try await fixture.running({ await manager.run() }) {
                try await fixture.sleep(.seconds(100))
                #expect(fixture.campaigns.count == 2)
                manager.apply([narrow])
                try await fixture.sleep(.seconds(1))
                #expect(fixture.campaigns.count == 1)
                manager.apply([wide])
                try await fixture.sleep(.seconds(1))
                #expect(fixture.campaigns.count == 2)
            }
        }
    }
}
