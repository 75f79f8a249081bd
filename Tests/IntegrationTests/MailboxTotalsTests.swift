// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Instantly's counters of mailboxes, which are sums of days that the provider restates.
@Suite(.timeLimit(.minutes(30))) struct MailboxTotalsTests {
    private static let day = Duration.seconds(86_400)
    /// The counters that agree once all days are settled; opens stay above where days lost some.
    private static let agreeing = ["messages_sent_total", "messages_bounced_total", "replies_total"]

    @Test("Over weeks with a restart mailboxes send what campaigns send, and no counter falls")
    func weeks() async throws {
        try await Simulation.run { clock in
            let simulator = ExporterHarness.simulator(clock) { settings in
                settings.campaigns = 4
                settings.steps = 2
                settings.variants = 1
                settings.mailboxes = 3
            }
            let archive = MemorySnapshotStore()
            var highest = Samples()
            func observe(days: Int, _ speed: Double, _ harness: ExporterHarness) async throws {
                simulator.setSpeed(speed)
                for _ in 0..<days * 2 {
                    try await harness.advance(Self.day / 2)
                    let shown = Samples(harness.context.store).filter { $0.key.isMailboxCounter }
                    #expect(shown.count == 3 * 8)
                    let fallen = shown.filter { $0.value < highest[$0.key] ?? 0 }
                    #expect(fallen.isEmpty, "\(fallen)")
                    highest = shown
                }
            }
            let first = ExporterHarness(clock, simulator, archive: archive)
            var start = Samples()
            try await first.collecting([first.plan(.instantly, interval: .seconds(6 * 3600))]) {
                try await observe(days: 4, 0, first)
                start = Samples(first.context.store)
                try await observe(days: 13, 1, first)
            }
            // The process is gone for four days, and comes back in the next month.
            try await first.advance(Self.day * 4)
            let second = ExporterHarness(clock, simulator, archive: archive, seed: 2)
            try await second.collecting([second.plan(.instantly, interval: .seconds(6 * 3600))]) {
                try await observe(days: 5, 1, second)
                try await observe(days: 5, 0, second)
                let end = Samples(second.context.store)
                for counter in Self.agreeing {
                    let mailboxes = end.sum("outreach_mailbox_\(counter)") - start.sum("outreach_mailbox_\(counter)")
                    let campaigns = end.sum("outreach_campaign_\(counter)") - start.sum("outreach_campaign_\(counter)")
                    #expect(mailboxes == campaigns && campaigns > 10, "\(counter): \(mailboxes) of \(campaigns)")
                }
            }
        }
    }

    @Test("The counters of 100 mailboxes are a small part of the calls of 200 campaigns")
    func calls() async throws {
        try await Simulation.run { clock in
            let harness = ExporterHarness.quiet(clock)
            let plan = harness.plan(.instantly, rate: 20)
            try await harness.collecting([plan]) {
                try await harness.advance(.seconds(3_600))
                let calls = try harness.record(plan.account).callsByRoute
                let all = calls.values.reduce(0, +)
                let added = calls["/api/v2/accounts/analytics/daily"] ?? 0
                #expect(added > 0 && added * 100 <= (all - added) * 5, "\(calls)")
            }
        }
    }
}

extension String {
    fileprivate var isMailboxCounter: Bool { hasPrefix("outreach_mailbox_") && contains("_total{") }
}

extension Samples {
    /// The sum of all series of a metric.
    fileprivate func sum(_ name: String) -> Double {
        filter { $0.key.hasPrefix(name + "{") }.values.reduce(0, +)
    }
}
