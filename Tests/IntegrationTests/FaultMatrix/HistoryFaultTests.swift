// SPDX-License-Identifier: Apache-2.0

import Outreach
import Simulator
import TestSupport
import Testing

@testable import Backfill

/// The past as a provider tells it in other words: what is learnt from it stays the same.
@Suite(.timeLimit(.minutes(30))) struct HistoryFaultTests {
    @Test(
        "An end date with or without its day, days in two rows and rows without a day make the same history",
        arguments: HistoryCase.all
    )
    func history(_ historyCase: HistoryCase) async throws {
        try await Simulation.run { clock in
            let plain = try await Self.totals(historyCase.provider, clock, under: [])
            let told = try await Self.totals(historyCase.provider, clock, under: [FaultRule(historyCase.fault)])
            #expect(plain.values.contains { $0.values.contains { $0.changes.count > 10 } })
            #expect(told.keys == plain.keys)
            for (key, series) in plain { #expect(told[key] == series, "\(key)") }
        }
    }

    /// The totals of the last forty days, by part and campaign.
    private static func totals(_ provider: SimulatedProvider, _ clock: TestClock, under faults: [FaultRule])
        async throws
        -> [String: [CampaignHistory.Key: StepSeries]]
    {
        let simulator = ExporterHarness.simulator(clock) { settings in
            settings.campaigns = 3
            settings.steps = 2
            settings.mailboxes = 2
        }
        let ids = simulator.snapshot(of: provider, for: "acme").campaigns.map(\.id)
        simulator.setFaults(faults)
        let transport = VirtualTransport(simulator: simulator, clock: clock, latency: .zero)
        let history = try #require(provider.history("acme", transport: transport, clock: clock))
        let today = Day(number: Int((clock.wallTime.seconds / 86_400).rounded(.down)))
        var totals: [String: [CampaignHistory.Key: StepSeries]] = [:]
        for part in history.parts(steps: true) + history.parts(steps: false) {
            for start in stride(from: 0, to: ids.count, by: part.batch) {
                let batch = Array(ids[start..<min(start + part.batch, ids.count)])
                let found = try await part.histories(of: batch, over: today.advanced(by: -40)..<today) { _ in }
                for (id, history) in found { totals["\(part.name) \(id)"] = try history.get().series }
            }
        }
        return totals
    }
}

/// Another way to tell the past, at a provider.
struct HistoryCase: Sendable, CustomTestStringConvertible {
    let fault: Fault
    let provider: SimulatedProvider

    static let all = [Fault.inclusiveEndDate, .duplicateDays, .dayWithoutDate, .stepsFromZero].flatMap { fault in
        fault.providers.map { HistoryCase(fault: fault, provider: $0) }
    }

    var testDescription: String { "\(fault.rawValue) at \(provider.rawValue)" }
}
