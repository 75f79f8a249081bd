// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The active faults, and the intervals in which faults with a lasting effect were active.
final class FaultState: Sendable {
    private struct State {
        var rules: [FaultRule] = []
        var intervals: [SimulatedProvider: [Fault: [FaultEffects.Interval]]] = [:]
    }

    private let state = Mutex(State())

    /// The active rules, in the order in which they were set.
    var rules: [FaultRule] { state.withLock { $0.rules } }

    func faults(of provider: SimulatedProvider) -> Set<Fault> { rules.faults(of: provider) }

    /// Replaces the active rules from an instant on.
    func replace(with rules: [FaultRule], at instant: SimulatedInstant) {
        state.withLock { state in
            for provider in SimulatedProvider.allCases {
                let (before, after) = (state.rules.faults(of: provider), rules.faults(of: provider))
                for fault in after.subtracting(before) where fault.hasLastingEffect {
                    state.intervals[provider, default: [:]][fault, default: []].append(.init(start: instant))
                }
                for fault in before.subtracting(after) where fault.hasLastingEffect {
                    guard let intervals = state.intervals[provider]?[fault] else { continue }
                    state.intervals[provider]?[fault]?[intervals.count - 1].end = instant
                }
            }
            state.rules = rules
        }
    }

    /// What the faults change in the numbers of a provider's accounts.
    func effects(on provider: SimulatedProvider) -> FaultEffects {
        let (faults, intervals) = state.withLock { ($0.rules.faults(of: provider), $0.intervals[provider] ?? [:]) }
        return FaultEffects(
            bounceStorms: intervals[.bounceStorm] ?? [],
            replyDroughts: intervals[.replyDrought] ?? [],
            reset: intervals[.countersReset]?.last?.start,
            countersFall: faults.contains(.countersFall),
            campaignsVanish: faults.contains(.campaignVanishes)
        )
    }
}

extension [FaultRule] {
    fileprivate func faults(of provider: SimulatedProvider) -> Set<Fault> {
        Set(filter { $0.applies(to: provider) }.map(\.fault))
    }
}

extension Fault {
    /// Whether the numbers still show, after the fault has ended, that it was active.
    fileprivate var hasLastingEffect: Bool {
        self == .bounceStorm || self == .replyDrought || self == .countersReset
    }
}

/// What the active and past faults change in the numbers of a provider's accounts.
struct FaultEffects: Sendable {
    /// A time during which a fault was active; `end` is `nil` while it still is.
    struct Interval: Sendable {
        let start: SimulatedInstant
        var end: SimulatedInstant?
    }

    /// `bounce-storm`: 40 % of the messages sent within these intervals bounce.
    var bounceStorms: [Interval] = []
    /// `reply-drought`: no reply arrives within these intervals.
    var replyDroughts: [Interval] = []
    /// `counters-reset`: counters count from zero since this instant.
    var reset: SimulatedInstant?
    /// `counters-fall`: counters of at least 3 are reported lower than they are.
    var countersFall = false
    /// `campaign-vanishes`: every fourth campaign is missing.
    var campaignsVanish = false
}
