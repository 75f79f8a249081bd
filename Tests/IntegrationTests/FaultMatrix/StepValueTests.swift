// SPDX-License-Identifier: Apache-2.0

import Collection
import Simulator
import TestSupport
import Testing

/// Instantly's steps under names that its documentation does not show.
@Suite(.timeLimit(.minutes(30))) struct StepValueTests {
    @Test("Steps count from 1 also where the provider counts from 0")
    func stepsFromZero() async throws {
        let (shown, expected) = try await samples(under: .stepsFromZero)
        #expect(expected.contains { $0.key.contains(#"step="1""#) })
        #expect(shown.differences(from: expected) == [])
    }

    @Test("Rows without a name count together as unknown, beside the others")
    func stepLiterals() async throws {
        let (shown, expected) = try await samples(under: .stepLiterals)
        #expect(shown.named.differences(from: expected.named) == [])
        // Each campaign with steps has three further rows of one message.
        let campaigns = Set(
            expected.named.keys.compactMap { $0.split(separator: "campaign=").last?.prefix { $0 != "," } }
        )
        #expect(shown.sentUnderNoName == expected.sentUnderNoName + 3 * Double(campaigns.count))
    }

    /// The steps' samples under a fault from the start, and those that the provider has without it.
    private func samples(under fault: Fault) async throws -> (shown: Samples, expected: Samples) {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 3
                settings.steps = 2
                settings.faults = [FaultRule(fault)]
            }
            let harness = ExporterHarness(clock, simulator)
            var pair: (Samples, Samples) = ([:], [:])
            try await harness.collecting([harness.plan(.instantly)]) {
                try await harness.advance(.seconds(60))
                let expected = Samples([try await harness.expectedReport(.instantly)])
                pair = (Samples(harness.context.store).stepSamples, expected.stepSamples)
            }
            return pair
        }
    }
}

extension Samples {
    fileprivate var stepSamples: Samples { filter { $0.key.hasPrefix("outreach_step") } }

    /// Those of steps that have a number.
    fileprivate var named: Samples { filter { !$0.key.contains(#"step="unknown""#) } }

    /// The messages sent in steps without a number.
    fileprivate var sentUnderNoName: Double {
        filter { $0.key.hasPrefix("outreach_step_messages_sent_total") && $0.key.contains(#"step="unknown""#) }
            .values.reduce(0, +)
    }
}
