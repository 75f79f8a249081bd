// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Campaigns that should send and stand still, at the providers that tell why.
@Suite(.timeLimit(.minutes(30))) struct StandstillTests {
    @Test(
        "Every campaign that stands still is shown with its reason, none that moves, for a twentieth more calls at most",
        arguments: [
            (
                SimulatedProvider.instantly,
                ["waiting_for_leads", "daily_limit_met", "account_daily_limit_met", "out_of_schedule"]
            ),
            (
                .lemlist,
                ["no_accounts_available", "waiting_for_leads", "daily_limit_met", "daily_limit_met", "out_of_schedule"]
            ),
        ]
    )
    func reasons(_ provider: SimulatedProvider, states: [String]) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 60
                settings.steps = 1
                settings.variants = 1
                settings.mailboxes = 4
            }
            let harness = ExporterHarness(clock, simulator)
            let plan = harness.plan(provider, rate: 20)
            try await harness.collecting([plan]) {
                for _ in 0..<30 {
                    try await harness.runWorld(for: 24 * 3600)
                    try await harness.advance(.seconds(299))
                }
            }
            let world = simulator.snapshot(of: provider, for: "acme")
            let still = world.campaigns.filter { $0.standstill != nil }.map(\.id)
            let shown = Dictionary(
                uniqueKeysWithValues: harness.context.store.reports.flatMap(\.campaigns).map { ($0.id, $0.sending) }
            )
            #expect(still.map { shown[$0].flatMap(\.self)?.state } == states)
            #expect(shown.values.count { $0 != nil } == states.count)

            let record = try harness.record(plan.account)
            let source = plan.source(RequestGate())
            let calls = record.callsByRoute
            let supplementary = calls.filter { source.supplementaryRoutes.contains($0.key) }.values.reduce(0, +)
            #expect(supplementary > states.count && record.status.parts[.sendingStates]?.isUp == true)
            // The first ten are not counted.
            #expect((supplementary - 10) * 20 <= calls.values.reduce(0, +) - supplementary)
        }
    }

    @Test(
        "A key that may not ask for the reason loses only what the listing does not tell",
        arguments: [SimulatedProvider.instantly, .lemlist]
    )
    func refused(_ provider: SimulatedProvider) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 24
                settings.steps = 1
                settings.variants = 1
                settings.mailboxes = 4
                settings.faults = [FaultRule(.refusedSendingStates)]
            }
            let harness = ExporterHarness(clock, simulator)
            let plan = harness.plan(provider, rate: 20)
            try await harness.collecting([plan]) { try await harness.advance(.seconds(50 * 60)) }
            let status = try harness.record(plan.account).status
            #expect(status.state == .up && status.parts[.sendingStates]?.isRefused == false)
            #expect((status.parts[.sendingStates]?.failures ?? 0) > 0)
            let told = harness.events.messages.count {
                $0 == "some sending states could not be fetched, the last ones stay until they are too old"
            }
            #expect(told == 1)
            let reports = harness.context.store.reports
            #expect(reports.flatMap(\.campaigns).count == 24 && reports.flatMap(\.mailboxes).count == 4)
        }
    }
}
