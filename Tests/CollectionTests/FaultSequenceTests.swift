// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

/// Whatever goes wrong, every number shown was true a short while ago.
@Suite(.timeLimit(.minutes(30))) struct FaultSequenceTests {
    /// What was true, and when it ceased to be.
    private struct History: Sendable {
        private var truth: [String: [(value: Double, from: Duration)]] = [:]

        mutating func set(_ id: String, _ value: Double, at moment: Duration) {
            truth[id, default: []].append((value, moment))
        }

        /// Whether a value was true at some time since a moment.
        func wasTrue(_ id: String, _ value: Double, since moment: Duration) -> Bool {
            let values = truth[id] ?? []
            return values.indices.contains { index in
                let end = index + 1 < values.count ? values[index + 1].from : .seconds(1_000_000)
                return values[index].value == value && end >= moment
            }
        }
    }

    private static let faults: [APIError?] = [
        nil, nil, nil, .throttled(retryAfter: nil), .throttled(retryAfter: .seconds(30)),
        .unavailable(status: 503, retryAfter: nil), .timedOut, .unreachable(reason: "x"),
        .refused(status: 401, advice: "x"), .invalid(status: 200, reason: "x"), .rejected(status: 400, reason: "x"),
    ]

    @Test(
        "Through any sequence of faults the page is a subset of the truth, and complete again afterwards",
        arguments: 1...6
    )
    func anyFaults(seed: UInt64) async throws {
        try await Simulation.run { clock in
            var chance = SeededGenerator(seed: seed)
            var history = History()
            let fixture = CollectionFixture(clock, seed: seed)
            let (plan, source) = fixture.plan(
                world: .init(),
                listingShowsChange: seed % 3 != 0,
                groupSize: seed % 2 == 0 ? 4 : 0
            )
            let collector = fixture.collector(plan)
            try await fixture.running({ await collector.run() }) {
                var totals: [String: Double] = [:]
                var sent: [String: Double] = [:]
                for round in 0..<120 {
                    Self.move(&sent, &totals, &chance)
                    for (id, value) in sent { history.set(id, value, at: clock.elapsed) }
                    let fault = Self.faults.randomElement(using: &chance) ?? nil
                    let campaignFault = Self.faults.randomElement(using: &chance) ?? nil
                    let odds = UInt64.random(in: 1...4, using: &chance)
                    try source.value.world { [sent] world in
                        for (id, value) in sent { world.setSent(value, of: id, revision: "\(value)") }
                        world.rows = world.rows.filter { sent[$0.key] != nil }
                        world.latency = .milliseconds(100 * odds * odds * odds)
                        world.fault = { $0.kind % odds == 0 ? fault : nil }
                        world.campaignFault = { $0.utf8.last.map { UInt64($0) % odds } == 0 ? campaignFault : nil }
                        if round >= 116 { world.fault = { _ in nil } }
                        if round >= 116 { world.campaignFault = { _ in nil } }
                    }
                    try await fixture.sleep(.seconds(240))
                    Self.check(fixture.campaigns, history, at: clock.elapsed, staleness: plan.settings.maxStaleness)
                }
                let truth = sent.sorted { $0.key < $1.key }
                try await fixture.sleep(.seconds(900))
                #expect(fixture.campaigns.map(\.id) == truth.map(\.key))
                #expect(fixture.campaigns.map { $0.measures[.messagesSent] } == truth.map(\.value))
                #expect(fixture.campaigns.map { $0.measures[.opens] } == truth.map { $0.value / 2 })
                #expect(try fixture.record(plan).status.state == .up)
            }
            #expect(clock.sleeperCount == 0)
        }
    }

    /// Totals grow, campaigns come and go and come back.
    private static func move(
        _ sent: inout [String: Double],
        _ totals: inout [String: Double],
        _ chance: inout SeededGenerator
    ) {
        for id in sent.keys.sorted() where Bool.random(using: &chance) {
            totals[id, default: 0] += Double(Int.random(in: 1...50, using: &chance) * 2)
            sent[id] = totals[id]
        }
        let id = ScriptedSource.World.id(Int.random(in: 0..<30, using: &chance))
        if sent[id] == nil {
            totals[id, default: 0] += 10
            sent[id] = totals[id]
        } else if Int.random(in: 0..<4, using: &chance) == 0 {
            sent[id] = nil
        }
    }

    private static func check(
        _ campaigns: [Campaign],
        _ history: History,
        at now: Duration,
        staleness: Duration
    ) {
        for campaign in campaigns {
            if let sent = campaign.measures[.messagesSent] {
                let wasTrue = history.wasTrue(campaign.id, sent, since: now - staleness)
                #expect(wasTrue)
            }
            if let opens = campaign.measures[.opens] {
                let wasTrue = history.wasTrue(campaign.id, opens * 2, since: now - staleness)
                #expect(wasTrue)
            }
        }
    }
}

extension ScriptedSource.Call {
    /// A number that spreads faults over the calls.
    fileprivate var kind: UInt64 {
        switch self {
        case .listing: 0
        case .details(let ids): UInt64(ids.first?.utf8.last ?? 0)
        case .group: 1
        case .mailboxes: 2
        case .domainChecks: 3
        case .labels: 4
        case .sending: 5
        case .plan: 6
        }
    }
}
