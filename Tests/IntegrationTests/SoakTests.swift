// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Simulator
import TestSupport
import Testing

/// Many accounts for many hours, faults switching at random.
///
/// `OUTREACH_LONG_TESTS=1 swift test -c release -Xswiftc -enable-testing --filter SoakTests` runs 50 accounts of 200
/// campaigns for 20 hours of the clock.
@Suite struct SoakTests {
    private static let (accounts, campaigns, hours) = isLong ? (50, 200, 20) : (6, 5, 3)

    @Test("Through hours of random faults no task and no memory is lost, and in the end all is up and true")
    func soak() async throws {
        try await Simulation.run(jumps: .max) { clock in
            let simulator = Rig.simulator(clock) { settings in
                settings.campaigns = Self.campaigns
                settings.steps = 2
                settings.variants = 1
                settings.mailboxes = 2
                settings.movingShare = isLong ? 0.05 : 1
                settings.turn = 30 * 300
                settings.speed = 30
            }
            let rig = Rig(clock, simulator)
            let names = (0..<Self.accounts).map { (Platform.allCases[$0 % 3], "a\($0)") }
            var chance = SeededChance(7)
            try await rig.collecting(names.map { rig.plan($0.0, $0.1) }) {
                var footprints: [Int] = []
                for hour in 0..<Self.hours {
                    for _ in 0..<4 {
                        simulator.setFaults(Self.faults(&chance))
                        try await rig.pass(.seconds(Int.random(in: 60...700, using: &chance)))
                        simulator.setFaults([])
                        // Two cycles behind a fault's end every account is up.
                        try await rig.pass(.seconds(2 * 300 + 200))
                        let down = rig.environment.records.statuses.filter { $0.state != .up }.map(\.account.name)
                        #expect(down == [], "hour \(hour)")
                    }
                    footprints.append(Footprint.residentKilobytes)
                }
                simulator.setSpeed(0)
                try await rig.pass(.seconds(2 * 3600))
                for (platform, name) in names { try await Self.expectTruth(rig, platform, name) }
                // Behind the first hours nothing grows any more but what the allocator keeps.
                let (settled, last) = (footprints[footprints.count / 2], footprints[footprints.count - 1])
                #expect(last < settled * 5 / 4, "\(footprints)")
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// Faults of lines and of worlds, at some provider or at all; none that takes counters back for good.
    private static func faults(_ chance: inout SeededChance) -> [FaultRule] {
        let faults = Fault.allCases.filter { $0 != .countersReset && $0 != .countersFall }
        return (0..<Int.random(in: 0...3, using: &chance)).compactMap { _ in
            faults.randomElement(using: &chance).map { fault in
                FaultRule(
                    fault,
                    on: Bool.random(using: &chance) ? nil : Platform.allCases.randomElement(using: &chance)
                )
            }
        }
    }

    private static func expectTruth(_ rig: Rig, _ platform: Platform, _ name: String) async throws {
        let truth = Series([try await rig.truth(platform, name)])
        let shown = Series(rig.environment.store.reports.filter { $0.account == platform.account(name) })
        #expect(shown.differences(from: truth) == [])
    }
}

/// What the process occupies.
private enum Footprint {
    /// Resident memory, in kilobytes.
    static var residentKilobytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
