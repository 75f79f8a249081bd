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
@Suite(.timeLimit(.minutes(runsLongTests ? 60 : 30))) struct SoakTests {
    private static let seed: UInt64 = 7
    private static let (accounts, campaigns, hours) = runsLongTests ? (50, 200, 20) : (6, 5, 5)

    @Test("Through hours of random faults no task, file or memory is lost, and in the end all is up and true")
    func soak() async throws {
        try await Simulation.run(jumps: .max) { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = Self.campaigns
                settings.steps = 2
                settings.variants = 1
                settings.mailboxes = 2
                settings.activeShare = runsLongTests ? 0.05 : 1
                settings.activePeriod = 30 * 300
                settings.speed = 30
            }
            let harness = ExporterHarness(clock, simulator)
            let names = (0..<Self.accounts).map { (SimulatedProvider.allCases[$0 % 3], "a\($0)") }
            var generator = SeededGenerator(seed: Self.seed)
            try await harness.collecting(names.map { harness.plan($0.0, $0.1) }) {
                var usages: [ResourceUsage] = []
                for hour in 0..<Self.hours {
                    for round in 0..<4 {
                        simulator.setFaults(Self.faults(in: hour * 4 + round, &generator))
                        try await harness.advance(.seconds(Int.random(in: 60...700, using: &generator)))
                        simulator.setFaults([])
                        // Two cycles after a fault's end every account is up.
                        try await harness.advance(.seconds(2 * 300 + 200))
                        let down = harness.context.records.statuses.filter { $0.state != .up }.map(\.account.name)
                        #expect(down == [], "hour \(hour), seed \(Self.seed)")
                    }
                    usages.append(ResourceUsage())
                }
                simulator.setSpeed(0)
                try await harness.advance(.seconds(2 * 3600))
                var held = 0
                for (provider, name) in names { held += try await Self.expectAccurateSamples(harness, provider, name) }
                if runsLongTests { print("soak, counters held above the truth:", held) }
                Self.expectFlat(usages)
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// All faults but those that the exporter remembers on purpose: how an account counts its steps does not change, and
    /// leads are not requested for a day after they timed out.
    private static let transient = Fault.allCases.filter { $0 != .stepsFromZero && $0 != .slowAnalytics }

    /// One fault after the other, and others with it, each at some provider or at all.
    private static func faults(in round: Int, _ generator: inout SeededGenerator) -> [FaultRule] {
        let others = (0..<Int.random(in: 0...2, using: &generator)).compactMap { _ in
            transient.randomElement(using: &generator)
        }
        return ([transient[round % transient.count]] + others).map { fault in
            FaultRule(
                fault,
                on: Bool.random(using: &generator) ? nil : SimulatedProvider.allCases.randomElement(using: &generator)
            )
        }
    }

    /// Expects that every series is there that should be, and none else, and that each has the provider's value.
    ///
    /// After a reset a counter may be held instead: at an earlier value, less than twice what the provider reports now.
    private static func expectAccurateSamples(_ harness: ExporterHarness, _ provider: SimulatedProvider, _ name: String)
        async throws -> Int
    {
        let expected = Samples([try await harness.expectedReport(provider, name)])
        let shown = Samples(harness.context.store.reports.filter { $0.account == provider.account(name) })
        let held = expected.held(above: shown)
        #expect(shown.differences(from: held) == [])
        return held.differences(from: expected).count
    }

    /// Expects that after the first half nothing grows but what the allocator keeps.
    ///
    /// Both belong to the process: they say something where no other test runs at the same time.
    private static func expectFlat(_ usages: [ResourceUsage]) {
        guard runsLongTests else { return }
        let (settled, last) = (usages[usages.count / 2], usages[usages.count - 1])
        #expect(last.kilobytes < settled.kilobytes * 5 / 4, "\(usages)")
        #expect(Set(usages.map(\.descriptors)).count == 1, "\(usages)")
        print("soak, each hour:", usages.map { "\($0.kilobytes / 1024) MiB, \($0.descriptors) files" })
    }
}

/// The process's resident memory and open files.
private struct ResourceUsage {
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
