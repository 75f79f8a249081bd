// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Every transition is one line of the log and one change of a metric, and nothing else is either.
@Suite struct TransitionTests {
    @Test(
        "Up, throttled, down, stale, recovered: each is told once and moves its metric once",
        arguments: Platform.allCases
    )
    func life(_ platform: Platform) async throws {
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { $0.campaigns = 2 }
            let rig = Rig(clock, simulator)
            let watch = Watch(rig)
            try await rig.collecting([rig.plan(platform)]) {
                try await watch.expect([], [], after: .zero)
                try await watch.expect(["account is up"], [.up, .shown], after: .seconds(60))
                try await watch.expect([], [], after: .seconds(600))
                simulator.setFaults([FaultRule(.rateLimit)])
                try await watch.expect(
                    ["the provider asks for fewer requests, pace reduced", "collection failed, account is down"],
                    [.throttled, .down],
                    after: .seconds(420)
                )
                simulator.setFaults([FaultRule(.unauthorized)])
                try await watch.expect(
                    [
                        "collection failed again, account is still down",
                        "collection failed again, account is still down", "campaigns are too old and no longer shown",
                    ],
                    [.hidden],
                    after: .seconds(480)
                )
                simulator.setFaults([])
                try await watch.expect(["account is up again"], [.up, .shown], after: .seconds(360))
                try await watch.expect([], [], after: .seconds(600))
            }
        }
    }

    @Test("What disappeared and comes back is the same series, none more and none less", arguments: Platform.allCases)
    func comeback(_ platform: Platform) async throws {
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { $0.campaigns = 4 }
            let rig = Rig(clock, simulator)
            try await rig.collecting([rig.plan(platform)]) {
                try await rig.pass(.seconds(60))
                let before = Series(rig.environment.store)
                // One campaign is gone for a while, later the whole account.
                for fault in [Fault.campaignVanishes, .dropConnection] {
                    simulator.setFaults([FaultRule(fault)])
                    try await rig.pass(.seconds(3600))
                    #expect(Series(rig.environment.store).count < before.count)
                    simulator.setFaults([])
                    try await rig.pass(.seconds(900))
                    #expect(Series(rig.environment.store).differences(from: before) == [])
                }
            }
        }
    }
}

/// Looks at an account's log and metrics step by step.
private final class Watch {
    /// A change that can be seen on the page.
    enum Change {
        case throttled, up, down, shown, hidden
    }

    private let rig: Rig
    private var told = 0
    private var last: (refused: Bool, up: Double?, shown: Bool) = (false, nil, false)

    init(_ rig: Rig) {
        self.rig = rig
    }

    /// Lets time pass in steps of ten seconds, and expects these lines and these changes in it.
    func expect(_ messages: [String], _ changes: [Change], after time: Duration) async throws {
        let end = rig.clock.now + time
        var seen: [Change] = []
        while rig.clock.now < end {
            try await rig.pass(.seconds(10))
            seen += look()
        }
        let all = rig.events.messages
        #expect(Array(all.dropFirst(told)) == messages)
        #expect(seen == changes)
        told = all.count
    }

    private func look() -> [Change] {
        let section = Series(CollectionSection(rig.environment.records))
        let now = (
            refused: section.contains { $0.key.contains("code=\"429\"") },
            up: section.first { $0.key.hasPrefix("outreach_account_up") }?.value,
            shown: !Series(rig.environment.store).ofCampaigns.isEmpty
        )
        defer { last = now }
        return (now.refused == last.refused ? [] : [.throttled])
            + (now.up == last.up ? [] : [now.up == 1 ? .up : .down])
            + (now.shown == last.shown ? [] : [now.shown ? .shown : .hidden])
    }
}
