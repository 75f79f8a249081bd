// SPDX-License-Identifier: Apache-2.0

import Collection
import Foundation
import Outreach
import Simulator
import TestSupport
import Testing

/// Many accounts for many hours, every fault there is switching at random.
///
/// `OUTREACH_SOAK=1 swift test -c release -Xswiftc -enable-testing --filter SoakTests` runs 50 accounts of 200
/// campaigns for 20 hours of the clock.
@Suite struct SoakTests {
    private static let (accounts, campaigns, hours) = isLong ? (50, 200, 20) : (6, 5, 5)

    @Test("Through hours of random faults no task, file or memory is lost, and in the end all is up and true")
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
                var footprints: [Footprint] = []
                for hour in 0..<Self.hours {
                    for round in 0..<4 {
                        simulator.setFaults(Self.faults(in: hour * 4 + round, &chance))
                        try await rig.pass(.seconds(Int.random(in: 60...700, using: &chance)))
                        simulator.setFaults([])
                        // Two cycles behind a fault's end every account is up.
                        try await rig.pass(.seconds(2 * 300 + 200))
                        let down = rig.environment.records.statuses.filter { $0.state != .up }.map(\.account.name)
                        #expect(down == [], "hour \(hour)")
                    }
                    footprints.append(Footprint())
                }
                simulator.setSpeed(0)
                try await rig.pass(.seconds(2 * 3600))
                var held = 0
                for (platform, name) in names { held += try await Self.expectTruth(rig, platform, name) }
                if isLong { print("soak, counters held above the truth:", held) }
                Self.expectFlat(footprints)
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// One fault after the other, and others with it, each at some provider or at all.
    private static func faults(in round: Int, _ chance: inout SeededChance) -> [FaultRule] {
        let others = (0..<Int.random(in: 0...2, using: &chance)).compactMap { _ in
            Fault.allCases.randomElement(using: &chance)
        }
        return ([Fault.allCases[round % Fault.allCases.count]] + others).map { fault in
            FaultRule(fault, on: Bool.random(using: &chance) ? nil : Platform.allCases.randomElement(using: &chance))
        }
    }

    /// Expects that every series is there that should be, and none else, and that each has the provider's value.
    ///
    /// Behind a reset a counter may be held instead: at a value that it had, less than twice what the provider says now.
    private static func expectTruth(_ rig: Rig, _ platform: Platform, _ name: String) async throws -> Int {
        let truth = Series([try await rig.truth(platform, name)])
        let shown = Series(rig.environment.store.reports.filter { $0.account == platform.account(name) })
        let held = truth.held(above: shown)
        #expect(shown.differences(from: held) == [])
        return held.differences(from: truth).count
    }

    /// Expects that behind the first half nothing grows any more but what the allocator keeps.
    ///
    /// Files are counted where no other test opens any at the same time.
    private static func expectFlat(_ footprints: [Footprint]) {
        let (settled, last) = (footprints[footprints.count / 2], footprints[footprints.count - 1])
        #expect(last.kilobytes < settled.kilobytes * 5 / 4, "\(footprints)")
        guard isLong else { return }
        #expect(Set(footprints.map(\.descriptors)).count == 1, "\(footprints)")
        print("soak, each hour:", footprints.map { "\($0.kilobytes / 1024) MiB, \($0.descriptors) files" })
    }
}

/// What the process occupies.
private struct Footprint {
    /// Resident memory.
    let kilobytes: Int
    /// Open files.
    let descriptors: Int

    init() {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
        kilobytes = line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
    }
}
