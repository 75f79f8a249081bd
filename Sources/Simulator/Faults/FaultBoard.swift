// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Which faults are on, and when those that leave their mark on the world have been.
final class FaultBoard: Sendable {
    private struct State {
        var rules: [FaultRule] = []
        var marks: [Platform: [Fault: [Disturbances.Window]]] = [:]
    }

    private let state = Mutex(State())

    /// The rules that hold, in the order given.
    var rules: [FaultRule] { state.withLock { $0.rules } }

    /// The faults that strike a provider.
    func faults(on platform: Platform) -> Set<Fault> {
        FaultBoard.faults(of: rules, on: platform)
    }

    /// Puts these rules in the place of those that hold.
    func replace(with rules: [FaultRule], at moment: Moment) {
        state.withLock { state in
            for platform in Platform.allCases {
                let (before, after) = (
                    FaultBoard.faults(of: state.rules, on: platform), FaultBoard.faults(of: rules, on: platform)
                )
                for fault in after.subtracting(before) where fault.leavesMarks {
                    state.marks[platform, default: [:]][fault, default: []].append(.init(start: moment))
                }
                for fault in before.subtracting(after) where fault.leavesMarks {
                    guard let windows = state.marks[platform]?[fault] else { continue }
                    state.marks[platform]?[fault]?[windows.count - 1].end = moment
                }
            }
            state.rules = rules
        }
    }

    /// What the faults do to a provider's worlds.
    func disturbances(on platform: Platform) -> Disturbances {
        let faults = faults(on: platform)
        let marks = state.withLock { $0.marks[platform] ?? [:] }
        return Disturbances(
            bounceStorms: marks[.bounceStorm] ?? [],
            replyDroughts: marks[.replyDrought] ?? [],
            reset: marks[.countersReset]?.last?.start,
            countersFall: faults.contains(.countersFall),
            campaignsVanish: faults.contains(.campaignVanishes)
        )
    }

    private static func faults(of rules: [FaultRule], on platform: Platform) -> Set<Fault> {
        Set(rules.filter { $0.strikes(platform) }.map(\.fault))
    }
}

extension Fault {
    /// Whether the world's numbers tell for ever when this was on.
    fileprivate var leavesMarks: Bool {
        self == .bounceStorm || self == .replyDrought || self == .countersReset
    }
}
