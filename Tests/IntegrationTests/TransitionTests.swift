// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import TestSupport
import Testing

/// Every transition is one line of the log and one change of a metric, and nothing else is either.
@Suite struct TransitionTests {
    @Test("Up, throttled, down, stale, recovered: each is told once and moves its metric once")
    func life() async throws {
        try await Simulation.run { clock in
            let simulator = Rig.simulator(clock) { $0.campaigns = 2 }
            let rig = Rig(clock, simulator)
            let watch = Watch(rig)
            try await rig.collecting([rig.plan(.instantly)]) {
                try await watch.expect([], up: nil, shown: false, after: .zero)
                try await watch.expect(["account is up"], up: 1, shown: true, after: .seconds(60))
                try await watch.expect([], up: 1, shown: true, after: .seconds(600))
                simulator.setFaults([FaultRule(.rateLimit)])
                try await watch.expect(
                    ["the provider asks for fewer requests, pace reduced", "collection failed, account is down"],
                    up: 0,
                    shown: true,
                    after: .seconds(420)
                )
                simulator.setFaults([FaultRule(.unauthorized)])
                try await watch.expect(
                    [
                        "collection failed again, account is still down",
                        "collection failed again, account is still down", "campaigns are too old and no longer shown",
                    ],
                    up: 0,
                    shown: false,
                    after: .seconds(480)
                )
                simulator.setFaults([])
                try await watch.expect(["account is up again"], up: 1, shown: true, after: .seconds(360))
                try await watch.expect([], up: 1, shown: true, after: .seconds(600))
                #expect(watch.changesOfUp == 3)
            }
        }
    }
}

/// Looks at an account's log and metrics step by step.
private final class Watch {
    private let rig: Rig
    private var told = 0
    private var lastUp: Double?
    private(set) var changesOfUp = 0

    init(_ rig: Rig) {
        self.rig = rig
    }

    /// Lets time pass in steps of ten seconds and expects these lines, this state and whether campaigns are shown.
    func expect(_ messages: [String], up: Double?, shown: Bool, after time: Duration) async throws {
        let end = rig.clock.now + time
        while rig.clock.now < end {
            try await rig.pass(.seconds(10))
            let now = self.up
            if now != lastUp { changesOfUp += 1 }
            lastUp = now
        }
        let all = rig.events.messages
        #expect(Array(all.dropFirst(told)) == messages)
        told = all.count
        #expect(self.up == up)
        #expect(Series(rig.environment.store).ofCampaigns.isEmpty != shown)
    }

    private var up: Double? {
        Series(CollectionSection(rig.environment.records)).first { $0.key.hasPrefix("outreach_account_up") }?.value
    }
}
