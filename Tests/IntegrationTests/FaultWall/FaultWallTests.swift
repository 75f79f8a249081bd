// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Each fault × each provider × each phase: what is exported, what is not, and what the log says.
///
/// The interval is 5 minutes and data lives for 15. Minute by minute: a fault strikes, at 13 it has failed and the last
/// data still stands, at 22 that is too old; then the fault ends, and two cycles later all is as if nothing had been.
@Suite struct FaultWallTests {
    @Test("Under any fault what is shown is true, what is old disappears, and its end heals", arguments: FaultCase.all)
    func fault(_ wall: FaultCase) async throws {
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { settings in
                settings.campaigns = 3
                settings.steps = 2
                settings.mailboxes = 2
            }
            let archive = MemorySnapshotStore()
            let rig = Rig(clock, simulator, archive: archive)
            switch wall.phase {
            case .fromStart:
                simulator.setFaults([FaultRule(wall.fault)])
                try await rig.collecting([rig.plan(wall.platform)]) {
                    try await Episode(wall, rig, before: [:]).play()
                }
            case .afterGoodCycle:
                try await rig.collecting([rig.plan(wall.platform)]) {
                    let before = try await Self.goodCycle(wall, rig)
                    try await Episode(wall, rig, before: before).play()
                }
            case .atRestart:
                var before: Series = [:]
                try await rig.collecting([rig.plan(wall.platform)]) { before = try await Self.goodCycle(wall, rig) }
                let restarted = Rig(clock, simulator, archive: archive, seed: 2)
                try await restarted.collecting([restarted.plan(wall.platform)]) {
                    try await restarted.pass(.milliseconds(1))
                    #expect(Series(restarted.environment.store) == before)
                    #expect(restarted.fleet.isReady)
                    #expect(restarted.events.messages == ["data of an earlier run restored"])
                    try await Episode(wall, restarted, before: before).play()
                }
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// A cycle without faults, then a day in the world in which every campaign moves, then the fault.
    ///
    /// Returns what is exported.
    private static func goodCycle(_ wall: FaultCase, _ rig: Rig) async throws -> Series {
        try await rig.pass(.seconds(60))
        let before = Series(rig.environment.store)
        let truth = try await rig.truth(wall.platform)
        #expect(before.differences(from: Series([truth])) == [])
        #expect(!before.ofCampaigns.isEmpty)
        #expect(rig.events.messages == ["account is up"])
        try await rig.live(for: 24 * 3600)
        rig.simulator.setFaults([FaultRule(wall.fault)])
        return before
    }
}
