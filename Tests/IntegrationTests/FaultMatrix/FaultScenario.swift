// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator
import Testing

/// The course of a test from the start of a fault until two cycles after its end.
struct FaultScenario {
    private let faultCase: FaultCase
    private let harness: ExporterHarness
    private let before: Samples

    private var account: Account { faultCase.provider.account("acme") }
    private var shown: Samples { Samples(harness.context.store) }
    private var up: Double? { Samples(CollectionSection(harness.context.records)).up }
    private var messages: [String] { harness.events.messages }

    /// A scenario whose fault is active; `before` is what was exported until then.
    init(_ faultCase: FaultCase, _ harness: ExporterHarness, before: Samples) {
        (self.faultCase, self.harness, self.before) = (faultCase, harness, before)
    }

    /// Runs the scenario to its end.
    func run() async throws {
        switch faultCase.outcome {
        case .down(let reason): try await expectFailure(reason)
        case .accurate: try await expectAccurate { $0.withoutReplacements.differences(from: $1) }
        case .partlyAccurate: try await expectAccurate { $0.withoutStandIns.withoutStepSamples.beyond($1) }
        case .refused(let part): try await expectMissing(part, isRefused: true)
        case .partial(let part): try await expectMissing(part, isRefused: false)
        }
        try await expectRecovery()
    }

    /// The account goes down; what was known stays until it is too old.
    private func expectFailure(_ reason: String) async throws {
        try await harness.advance(.seconds(13 * 60))
        #expect(up == 0)
        #expect(harness.manager.isReady)
        #expect(try harness.record(account).status.lastFailure?.hasPrefix(reason) == true)
        #expect(shown.differences(from: before) == [])
        #expect(messages.count("collection failed, account is down") == 1)
        #expect(messages.count("campaigns are too old and no longer shown") == 0)
        #expect(
            messages.contains("the provider asks for fewer requests, pace reduced") == (faultCase.fault == .rateLimit)
        )

        try await harness.advance(.seconds(9 * 60))
        #expect(up == 0)
        #expect(shown.campaignSamples.isEmpty)
        #expect(shown.differences(from: before.filter { before.campaignSamples[$0.key] == nil }) == [])
        #expect(messages.count("collection failed, account is down") == 1)
        #expect(messages.contains("collection failed again, account is still down"))
        #expect(messages.count("campaigns are too old and no longer shown") == (faultCase.hasEarlierData ? 1 : 0))
    }

    /// The account is up and shows accurate values, all or part of them.
    private func expectAccurate(_ unexpected: (Samples, Samples) -> [String]) async throws {
        try await harness.advance(.seconds(13 * 60))
        let expected = Samples([try await harness.expectedReport(faultCase.provider)]).campaignSamples.held(
            above: before
        )
        #expect(up == 1)
        #expect(unexpected(shown.campaignSamples, expected) == [])
        #expect(!shown.campaignSamples.isEmpty)
        let isOld = { (message: String) in message.contains("too old") && !message.hasPrefix("some mailboxes") }
        #expect(!messages.contains { $0.contains("failed") || isOld($0) })
        let falls = faultCase.hasEarlierData && [.countersFall, .countersReset].contains(faultCase.fault)
        #expect(messages.contains("totals fell at the provider") == falls)
        if faultCase.fault == .longID {
            #expect(messages.contains("campaigns with an id that is too long are not collected"))
        }
        if faultCase.fault == .hugeNumbers {
            #expect(messages.contains("a value is none that its metric can have, and is left out"))
        }
        if faultCase.fault == .renamedStats {
            let warning = "a field that the provider documents is missing from every row, its metrics have no values"
            #expect(messages.contains(warning))
        }
        try await harness.advance(.seconds(9 * 60))
    }

    /// The account is up, what the fault does not hide is accurate, and no value is invented.
    ///
    /// Domain checks are requested every six hours, mailboxes every quarter of an hour: after a good cycle a fault shows
    /// late or not at all, and mailboxes are as new as the campaigns only at the end.
    private func expectMissing(_ part: DataPart, isRefused: Bool) async throws {
        let world = harness.simulator.snapshot(of: faultCase.provider, for: "acme")
        let old = Set(before.lines)
        for (minutes, areMailboxesNew) in [(13, false), (9, true)] {
            try await harness.advance(.seconds(minutes * 60))
            let expected = Samples([try await harness.expectedReport(faultCase.provider)]).held(above: before)
            #expect(up == 1)
            #expect(shown.beyond(expected).filter { !old.contains($0) } == [])
            let due = areMailboxesNew ? expected : expected.campaignSamples
            let listed = Samples([try await harness.listedReport(faultCase.provider)])
            #expect(due.beyond(shown).filter { !faultCase.hides($0, of: world, listed: listed) } == [])
            #expect(!shown.campaignSamples.isEmpty)
        }
        #expect(!messages.contains("collection failed, account is down"))
        if part == .domainChecks, faultCase.hasEarlierData { return }
        // These are requested every six hours.
        if faultCase.hasEarlierData, part == .labels || part == .planLimits {
            try await harness.advance(.seconds(6 * 3600))
        }
        let status = try harness.record(account).status.parts[part]
        #expect(status?.isRefused == isRefused)
        #expect(status?.isUp == !isRefused)
        #expect((status?.failures ?? 0) > 0)
        let refusals = messages.count("\(part.rawValue) are refused to this key, everything else is collected")
        #expect(refusals == (isRefused ? 1 : 0))
    }

    /// Two cycles after the fault's end everything is exported accurately, mailboxes too.
    ///
    /// What was refused is requested again after an hour.
    private func expectRecovery() async throws {
        let last = shown.merging(before) { shown, _ in shown }
        harness.simulator.setFaults([])
        if faultCase.fault.isRefusal { try await harness.advance(.seconds(3600)) }
        // Of the forecast's three days each request for mailboxes has one.
        if faultCase.provider == .emailbison { try await harness.advance(.seconds(30 * 60)) }
        try await harness.advance(.seconds(15 * 60))
        let expected = Samples([try await harness.expectedReport(faultCase.provider)])
        #expect(up == 1)
        let shown = shown
        // Requests that once were too much stay smaller, and labels are requested every six hours.
        let missing = expected.keys.filter { key in
            shown[key] == nil && (faultCase.fault == .slowAnalytics || key.hasPrefix("outreach_campaign_label{"))
        }
        // So is the plan, after whose refusal an hour has passed.
        let comparable = { (samples: Samples) in
            samples.filter {
                !missing.contains($0.key) && (faultCase.fault == .refusedPlanLimits || !$0.key.isOfPlan)
            }
        }
        #expect(comparable(shown).differences(from: comparable(expected).held(above: last)) == [])
        if case .down = faultCase.outcome { #expect(messages.count("account is up again") == 1) }
    }
}

extension Fault {
    /// Whether a part, or the warm-up of mailboxes alone, is refused to the key.
    fileprivate var isRefusal: Bool {
        if case .refused = ExpectedOutcome.of(self) { return true }
        return [.refusedWarmup, .refusedLabels, .refusedPlanLimits].contains(self)
    }
}

extension Samples {
    /// Whether the one account is up.
    fileprivate var up: Double? { first { $0.key.hasPrefix("outreach_account_up") }?.value }
}

extension [String] {
    fileprivate func count(_ message: String) -> Int { filter { $0 == message }.count }
}
