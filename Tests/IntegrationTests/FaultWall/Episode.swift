// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import Testing

/// A fault from the moment it is there to its end and beyond.
struct Episode {
    private let wall: FaultCase
    private let rig: Rig
    private let before: Series

    private var account: Account { wall.platform.account("acme") }
    private var shown: Series { Series(rig.environment.store) }
    private var up: Double? { Series(CollectionSection(rig.environment.records)).up }
    private var messages: [String] { rig.events.messages }

    /// Follows a case whose fault is on; `before` is what was exported until then.
    init(_ wall: FaultCase, _ rig: Rig, before: Series) {
        (self.wall, self.rig, self.before) = (wall, rig, before)
    }

    /// Plays it to its end.
    func play() async throws {
        switch Effect.of(wall.fault) {
        case .down(let reason): try await fail(reason)
        case .truth: try await stayTrue { $0.differences(from: $1) }
        case .partOfTruth: try await stayTrue { $0.withoutSteps.beyond($1) }
        }
        try await heal()
    }

    /// The account goes down; what was known stays until it is too old.
    private func fail(_ reason: String) async throws {
        try await rig.pass(.seconds(13 * 60))
        #expect(up == 0)
        #expect(rig.fleet.isReady)
        #expect(try rig.record(account).status.lastFailure?.hasPrefix(reason) == true)
        #expect(shown.differences(from: before) == [])
        #expect(messages.count("collection failed, account is down") == 1)
        #expect(messages.count("campaigns are too old and no longer shown") == 0)
        #expect(messages.contains("the provider asks for fewer requests, pace reduced") == (wall.fault == .rateLimit))

        try await rig.pass(.seconds(9 * 60))
        #expect(up == 0)
        #expect(shown.ofCampaigns.isEmpty)
        #expect(shown.differences(from: before.filter { before.ofCampaigns[$0.key] == nil }) == [])
        #expect(messages.count("collection failed, account is down") == 1)
        #expect(messages.contains("collection failed again, account is still down"))
        #expect(messages.count("campaigns are too old and no longer shown") == (wall.hasPast ? 1 : 0))
    }

    /// The account is up and shows the truth, or part of it.
    private func stayTrue(_ lies: (Series, Series) -> [String]) async throws {
        try await rig.pass(.seconds(13 * 60))
        let truth = Series([try await rig.truth(wall.platform)]).ofCampaigns.held(above: before)
        #expect(up == 1)
        #expect(lies(shown.ofCampaigns, truth) == [])
        #expect(!shown.ofCampaigns.isEmpty)
        #expect(!messages.contains { $0.contains("failed") || $0.contains("too old") })
        let falls = wall.hasPast && [.countersFall, .countersReset].contains(wall.fault)
        #expect(messages.contains("totals fell at the provider") == falls)
        try await rig.pass(.seconds(9 * 60))
    }

    /// Two cycles behind the fault's end everything is exported as it is, mailboxes too.
    private func heal() async throws {
        let last = shown.merging(before) { shown, _ in shown }
        rig.simulator.setFaults([])
        try await rig.pass(.seconds(15 * 60))
        let truth = Series([try await rig.truth(wall.platform)])
        #expect(up == 1)
        #expect(shown.differences(from: truth.held(above: last)) == [])
        if case .down = Effect.of(wall.fault) { #expect(messages.count("account is up again") == 1) }
    }
}

extension Series {
    /// Whether the one account is up.
    fileprivate var up: Double? { first { $0.key.hasPrefix("outreach_account_up") }?.value }
}

extension [String] {
    fileprivate func count(_ message: String) -> Int { filter { $0 == message }.count }
}
