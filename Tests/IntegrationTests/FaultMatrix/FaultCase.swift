// SPDX-License-Identifier: Apache-2.0

import Collection
import Simulator
import Testing

/// A fault at a provider in a phase of the exporter's life.
struct FaultCase: Sendable, CustomTestStringConvertible {
    /// When the fault begins.
    enum Phase: String, Sendable, CaseIterable {
        case fromStart = "from the start"
        case afterGoodCycle = "after a good cycle"
        case atRestart = "at a restart from the archive"
    }

    let fault: Fault
    let provider: SimulatedProvider
    let phase: Phase

    /// Every fault at every provider that has it, each in one phase in turn; with `OUTREACH_SOAK` in all three.
    ///
    /// What differs between phases belongs to the collector, not to a provider: a third of the time shows each fault in
    /// as many phases as it has providers, up to all, and each provider in all phases.
    static let all = Fault.allCases.filter { !isElsewhere($0) }.enumerated().flatMap { row, fault in
        fault.providers.enumerated().flatMap { column, provider in
            Phase.allCases.enumerated()
                .filter { runsLongTests || ($0.offset + row + column) % Phase.allCases.count == 0 }
                .map { FaultCase(fault: fault, provider: provider, phase: $0.element) }
        }
    }

    /// Whether a fault has tests of its own: those of history, what no provider changes from one day to the next, and what
    /// is requested after half an hour alone.
    private static func isElsewhere(_ fault: Fault) -> Bool {
        [.duplicateDays, .dayWithoutDate, .inclusiveEndDate, .stepsFromZero, .refusedSendingStates].contains(fault)
    }

    /// The expected effect.
    var outcome: ExpectedOutcome { .of(fault) }
    var testDescription: String { "\(fault.rawValue) at \(provider.rawValue) \(phase.rawValue)" }
    /// Whether a successful cycle precedes the fault.
    var hasEarlierData: Bool { phase != .fromStart }
}

/// The expected effect of a fault on what is exported.
enum ExpectedOutcome: Sendable {
    /// Collections fail for a reason: the last data stays until it is too old, nothing new appears.
    case down(reason: String)
    /// What is exported is what the provider reports; no counter falls by up to half.
    case accurate
    /// What the provider still reports is exported accurately; nothing missing is invented.
    ///
    /// Of campaigns alone: steps whose variant is not told count together.
    case partlyAccurate
    /// The provider refuses a part to the key: everything else is accurate, the account is up, the refusal is reported.
    case refused(DataPart)
    /// Some requests for a part fail: what answered is accurate, the account is up, the failure is reported.
    case partial(DataPart)

    /// The matrix: the outcome of each fault, at every provider that has it and in every phase.
    static func of(_ fault: Fault) -> ExpectedOutcome {
        switch fault {
        case .unauthorized: .down(reason: "the key is refused (HTTP 401)")
        case .paymentRequired: .down(reason: "the key is refused (HTTP 402)")
        case .rateLimit: .down(reason: "too many requests (HTTP 429)")
        case .serverError, .partialList: .down(reason: "the provider has trouble (HTTP 500)")
        case .hang: .down(reason: "no complete answer in time")
        case .truncate, .dropConnection: .down(reason: "no connection: the connection broke")
        case .redirect: .down(reason: "the request is rejected (HTTP 302): redirect not followed")
        case .notJSON, .endlessCursor: .down(reason: "an unexpected answer (HTTP 200)")
        case .missingFields: .partlyAccurate
        case .slow, .numbersAsStrings, .duplicateRows: .accurate
        case .countersFall, .countersReset, .campaignVanishes, .bounceStorm, .replyDrought: .accurate
        case .refusedMailboxes: .refused(.mailboxes)
        case .refusedDetails: .refused(.details)
        case .refusedVitals: .refused(.domainChecks)
        case .refusedBatch, .refusedSendingStates: .accurate
        case .refusedLabels: .partial(.labels)
        case .refusedPlanLimits: .partial(.planLimits)
        case .refusedWarmup, .partialMailboxes, .rowWithoutAddress: .partial(.mailboxes)
        case .stepsFail: .partial(.details)
        case .batchHTML, .batchEmpty, .batchGone, .noPagination: .accurate
        case .analyticsNull, .emptyBody: .partlyAccurate
        case .analyticsItems: .accurate
        case .slowAnalytics: .partlyAccurate
        case .flattenedStats, .statusBreakdownList, .emptyVariant: .accurate
        case .renamedStats: .partlyAccurate
        case .errorAsSuccess: .down(reason: "the key is refused (HTTP 200)")
        case .successFalse:
            .down(reason: "an unexpected answer (HTTP 200): an error in place of an answer: something broke")
        case .textAsJSON: .down(reason: "an unexpected answer (HTTP 200): text in place of JSON")
        case .blocked1010, .blockedChallenge: .down(reason: "blocked before the API (HTTP 403)")
        case .blocked522: .down(reason: "blocked before the API (HTTP 522)")
        case .brotli: .down(reason: "an unexpected answer (HTTP 200)")
        case .nestedJSON: .down(reason: "an unexpected answer (HTTP 200)")
        case .manyValues: .down(reason: "the answer is too large: more than 600000 values")
        case .hugeNumbers: .partlyAccurate
        case .hugeRows, .loneSurrogate, .longID: .accurate
        case .stepLiterals: .partlyAccurate
        case .stepsFromZero, .duplicateDays, .dayWithoutDate, .inclusiveEndDate: .accurate
        }
    }
}

extension FaultCase {
    /// What the requests for the warm-up tell; when it began the listing of Instantly's mailboxes does.
    private var warmup: [String] {
        ["outreach_mailbox_health_ratio", "outreach_mailbox_warmup_messages_"]
            + (provider == .sendkit ? ["outreach_mailbox_warmup_started_"] : [])
    }

    /// Whether a fault that refuses or fails the requests for a part keeps the exporter from a series.
    ///
    /// Every other series is as new as without the fault, `listed` among them, which the listing tells; but the plan, which
    /// is requested every six hours.
    func hides(_ series: String, of world: WorldSnapshot, listed: Samples) -> Bool {
        if hasEarlierData, series.isOfPlan { return true }
        switch fault {
        case .refusedLabels: return series.begins("outreach_campaign_label{") || provider == .sendkit && series.isOfPlan
        case .refusedPlanLimits: return series.isOfPlan
        case .refusedMailboxes:
            return series.begins("outreach_mailbox_", "outreach_domain_", "outreach_account_messages_")
        case .refusedVitals: return series.begins("outreach_domain_")
        case .refusedWarmup: return warmup.contains { series.begins($0) }
        case .refusedDetails:
            let name = series.seriesName
            return name.begins("outreach_campaign_", "outreach_step_") && listed[name] == nil
        case .partialMailboxes:
            let isOfSecondUser = world.mailboxes.contains { $0.index % 2 == 1 && series.contains($0.address) }
            return warmup.contains { series.begins($0) } || provider == .lemlist && isOfSecondUser
        case .rowWithoutAddress: return world.mailboxes.first.map { series.contains($0.domain) } ?? false
        case .stepsFail:
            return series.begins("outreach_step_") && world.campaigns.first.map { series.contains($0.id) } ?? false
        default: return false
        }
    }
}

extension String {
    /// Whether the series tells about the account's plan.
    var isOfPlan: Bool { hasPrefix("outreach_account_plan_") }

    /// The series of a line with its value.
    fileprivate var seriesName: String { lastIndex(of: " ").map { String(self[..<$0]) } ?? self }

    fileprivate func begins(_ prefixes: String...) -> Bool { prefixes.contains { hasPrefix($0) } }
}
