// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Finds those of many campaigns whose detail moved by asking about groups of them.
///
/// A group that did not move is done with one question, any other is halved and asked about again: among 2,000
/// campaigns of which none moved that takes 40 questions, and a dozen more for each one that did.
struct GroupSearch: Sendable {
    /// Campaigns that did not move.
    private(set) var unmoved: [String] = []
    /// Groups of which at least one did.
    private(set) var moved: [[String]] = []
    /// Whether some group moved though neither of its halves did: such answers are not to be trusted.
    private(set) var isContradictory = false
    private var open: [Range<Int>]
    private var budget: Int
    private var isHalved = false
    private let details: [Campaign]

    /// Starts with groups of at most `size`.
    ///
    /// Where so many moved that halving costs a quarter of what asking everybody would, groups stay as large as they are.
    init(_ details: [Campaign], groupsOf size: Int) {
        self.details = details
        open = stride(from: 0, to: details.count, by: size).map { $0..<min($0 + size, details.count) }
        budget = max(32, details.count / 4)
    }

    /// The groups to ask about now; none at the end.
    var questions: [[Campaign]] { open.map { Array(details[$0]) } }

    /// Takes the answers to all questions, in their order: whether the group did not move.
    mutating func settle(_ holds: [Bool]) {
        if isHalved { isContradictory = isContradictory || Self.hasUnmovedPair(holds) }
        unmoved += zip(open, holds).filter(\.1).flatMap { ids($0.0) }
        let groups = zip(open, holds).filter { !$1 }.map(\.0)
        let halves = groups.filter { $0.count > 1 }.flatMap(Self.halves)
        budget -= halves.count
        moved += (budget < 0 ? groups : groups.filter { $0.count == 1 }).map(ids)
        open = budget < 0 ? [] : halves
        isHalved = true
    }

    private func ids(_ group: Range<Int>) -> [String] {
        details[group].map(\.id)
    }

    private static func halves(_ group: Range<Int>) -> [Range<Int>] {
        let middle = group.lowerBound + group.count / 2
        return [group.lowerBound..<middle, middle..<group.upperBound]
    }

    private static func hasUnmovedPair(_ holds: [Bool]) -> Bool {
        stride(from: 0, to: holds.count - 1, by: 2).contains { holds[$0] && holds[$0 + 1] }
    }
}
