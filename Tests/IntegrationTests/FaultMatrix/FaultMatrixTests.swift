// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Each fault × each provider, phase by phase: what is exported, what is not, and what the log says.
///
/// The interval is 5 minutes, the retention 15. After 13 minutes of a fault collection has failed and the last data is
/// still shown, after 22 it is too old; then the fault ends, and two cycles later everything is accurate again.
@Suite(.timeLimit(.minutes(30))) struct FaultMatrixTests {
    @Test("Under any fault what is shown is true, what is old disappears, and its end heals", arguments: FaultCase.all)
    func fault(_ faultCase: FaultCase) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 3
                settings.steps = 2
                settings.mailboxes = 2
            }
            let archive = MemorySnapshotStore()
            let harness = ExporterHarness(clock, simulator, archive: archive)
            switch faultCase.phase {
            case .fromStart:
                simulator.setFaults([FaultRule(faultCase.fault)])
                try await harness.collecting([Self.plan(faultCase, harness)]) {
                    try await FaultScenario(faultCase, harness, before: [:]).run()
                }
            case .afterGoodCycle:
                try await harness.collecting([Self.plan(faultCase, harness)]) {
                    let before = try await Self.goodCycle(faultCase, harness)
                    try await FaultScenario(faultCase, harness, before: before).run()
                }
            case .atRestart:
                var before: Samples = [:]
                try await harness.collecting([Self.plan(faultCase, harness)]) {
                    before = try await Self.goodCycle(faultCase, harness)
                }
                let restarted = ExporterHarness(clock, simulator, archive: archive, seed: 2)
                try await restarted.collecting([Self.plan(faultCase, restarted)]) {
                    try await restarted.advance(.milliseconds(1))
                    #expect(Samples(restarted.context.store) == before)
                    #expect(restarted.manager.isReady)
                    #expect(restarted.events.messages == ["data of an earlier run restored"])
                    try await FaultScenario(faultCase, restarted, before: before).run()
                }
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// The account of a case; its responses may be less than two rows of `huge-rows` long.
    private static func plan(_ faultCase: FaultCase, _ harness: ExporterHarness) -> AccountPlan {
        harness.plan(
            faultCase.provider,
            rate: max(5, faultCase.provider.requestsPerSecond),
            responseLimit: faultCase.fault == .manyValues ? 16 << 20 : 600_000
        )
    }

    /// A cycle without faults, then a simulated day in which every campaign changes, then the fault.
    ///
    /// Returns what is exported.
    private static func goodCycle(_ faultCase: FaultCase, _ harness: ExporterHarness) async throws -> Samples {
        try await harness.advance(.seconds(60))
        let before = Samples(harness.context.store)
        let expected = try await harness.expectedReport(faultCase.provider)
        #expect(before.differences(from: Samples([expected])) == [])
        #expect(!before.campaignSamples.isEmpty)
        #expect(harness.events.messages == ["account is up"])
        try await harness.runWorld(for: 24 * 3600)
        harness.simulator.setFaults([FaultRule(faultCase.fault)])
        return before
    }
}
