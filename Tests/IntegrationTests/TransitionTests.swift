// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Every transition is one line of the log and one change of a metric, and nothing else is either.
@Suite(.timeLimit(.minutes(30))) struct TransitionTests {
    @Test(
        "Up, throttled, down, stale, recovered: each is told once and moves its metric once",
        arguments: SimulatedProvider.allCases
    )
    func life(_ provider: SimulatedProvider) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { $0.campaigns = 2 }
            let harness = ExporterHarness(clock, simulator)
            let recorder = TransitionRecorder(harness)
            try await harness.collecting([harness.plan(provider)]) {
                try await recorder.expect([], [], after: .zero)
                try await recorder.expect(["account is up"], [.up, .shown], after: .seconds(60))
                try await recorder.expect([], [], after: .seconds(600))
                simulator.setFaults([FaultRule(.rateLimit)])
                try await recorder.expect(
                    ["the provider asks for fewer requests, pace reduced", "collection failed, account is down"],
                    [.throttled, .down],
                    after: .seconds(420)
                )
                simulator.setFaults([FaultRule(.unauthorized)])
                try await recorder.expect(
                    [
                        "collection failed again, account is still down",
                        "collection failed again, account is still down", "campaigns are too old and no longer shown",
                    ],
                    [.hidden],
                    after: .seconds(480)
                )
                simulator.setFaults([])
                try await recorder.expect(["account is up again"], [.up, .shown], after: .seconds(360))
                try await recorder.expect([], [], after: .seconds(600))
            }
        }
    }

    @Test(
        "What disappeared and comes back is the same series, none more and none less",
        arguments: SimulatedProvider.allCases
    )
    func comeback(_ provider: SimulatedProvider) async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { $0.campaigns = 4 }
            let harness = ExporterHarness(clock, simulator)
            try await harness.collecting([harness.plan(provider)]) {
                try await harness.advance(.seconds(3600))
                let before = Samples(harness.context.store)
                // One campaign is gone for a while, later the whole account.
                for fault in [Fault.campaignVanishes, .dropConnection] {
                    simulator.setFaults([FaultRule(fault)])
                    try await harness.advance(.seconds(3600))
                    #expect(Samples(harness.context.store).count < before.count)
                    simulator.setFaults([])
                    try await harness.advance(.seconds(3600))
                    #expect(Samples(harness.context.store).differences(from: before) == [])
                }
            }
        }
    }
}

/// Observes an account's log messages and metrics step by step.
private final class TransitionRecorder {
    /// A change that can be seen on the page.
    enum Change: String {
        case throttled, up, down, shown, hidden
    }

    private let harness: ExporterHarness
    private var told = 0
    private var last: (refused: Bool, up: Double?, shown: Bool) = (false, nil, false)

    init(_ harness: ExporterHarness) {
        self.harness = harness
    }

    /// Advances in steps of ten seconds, and expects these log messages and changes within, the changes in any order: a
    /// first cycle that lasts longer than a step shows data before it ends.
    func expect(_ messages: [String], _ changes: [Change], after time: Duration) async throws {
        let end = harness.clock.now + time
        var seen: [Change] = []
        while harness.clock.now < end {
            try await harness.advance(.seconds(10))
            seen += look()
        }
        let all = harness.events.messages
        #expect(Array(all.dropFirst(told)) == messages)
        #expect(seen.map(\.rawValue).sorted() == changes.map(\.rawValue).sorted())
        told = all.count
    }

    private func look() -> [Change] {
        let section = Samples(CollectionSection(harness.context.records))
        let now = (
            refused: section.contains { $0.key.contains("code=\"429\"") },
            up: section.first { $0.key.hasPrefix("outreach_account_up") }?.value,
            shown: !Samples(harness.context.store).campaignSamples.isEmpty
        )
        defer { last = now }
        return (now.refused == last.refused ? [] : [.throttled])
            + (now.up == last.up ? [] : [now.up == 1 ? .up : .down])
            + (now.shown == last.shown ? [] : [now.shown ? .shown : .hidden])
    }
}
