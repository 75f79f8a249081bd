// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The look at campaigns whose rows did not move: what the listing does not show, told by sums over groups of them.
struct GroupLook: Sendable {
    /// Whom to ask.
    let source: any AccountSource
    /// Where the answers go.
    let ledger: AccountState
    /// The time.
    let clock: any CollectionClock

    /// Looks at every campaign that has a current detail; those that moved, or may have, become due.
    ///
    /// - Returns: groups of which at least one campaign moved, if the sums are to be trusted.
    /// - Throws: a failure behind which there is no point in going on. Any other ends the look: what it did not reach
    ///   is fetched in its own time.
    func run() async throws(APIError) -> [[String]] {
        let asked = clock.now
        guard source.groupSize > 0, ledger.data.groupTrust.isGiven(at: asked) else { return [] }
        var search = GroupSearch(ledger.data.book.currentDetails, groupsOf: source.groupSize)
        var failure: APIError?
        while failure == nil, !search.questions.isEmpty {
            do throws(APIError) {
                search.settle(
                    try await search.questions.concurrently { group async throws(APIError) in
                        try await answer(to: group)
                    }
                )
            } catch {
                failure = error
            }
        }
        finish(search, failure, at: asked)
        switch failure {
        case .refused?, .cancelled?: throw failure ?? .cancelled
        default: return search.moved
        }
    }

    private func finish(_ search: GroupSearch, _ failure: APIError?, at asked: ContinuousClock.Instant) {
        let isUseless = if case .rejected? = failure { true } else { search.isContradictory }
        ledger.update { data in
            data.book.noteLook(unmoved: search.unmoved, moved: search.moved.flatMap(\.self), at: asked)
            if isUseless { data.groupTrust.lose(at: asked) }
        }
    }

    /// A campaign that is gone has moved.
    private func answer(to group: [Campaign]) async throws(APIError) -> Bool {
        do throws(APIError) {
            return try await source.stillHold(group)
        } catch .gone {
            return false
        }
    }
}

/// Finds those of many campaigns whose detail moved by asking about groups of them.
///
/// A group that did not move is done with one question, any other is halved and asked about again: among 2,000
/// campaigns of which none moved that takes 40 questions, and a dozen more for each one that did. Where one half and
/// the other moved, and so on, for three generations, so much moved that asking on would cost more than fetching.
struct GroupSearch: Sendable {
    /// Campaigns that did not move.
    private(set) var unmoved: [String] = []
    /// Groups of which at least one did.
    private(set) var moved: [[String]] = []
    /// Whether some group moved though neither of its halves did: such answers are not to be trusted.
    private(set) var isContradictory = false
    private var open: [Group]
    private var budget: Int
    private var isHalved = false
    private let details: [Campaign]

    private struct Group {
        let range: Range<Int>
        /// Generations in a row in which both halves moved.
        let crowd: Int
    }

    private static let crowded = 3

    /// Starts with groups of at most `size`.
    ///
    /// Where so many moved that halving costs a quarter of what asking everybody would, groups stay as large as they are.
    init(_ details: [Campaign], groupsOf size: Int) {
        self.details = details
        open = stride(from: 0, to: details.count, by: size).map {
            Group(range: $0..<min($0 + size, details.count), crowd: 0)
        }
        budget = max(32, details.count / 4)
    }

    /// The groups to ask about now; none at the end.
    var questions: [[Campaign]] { open.map { Array(details[$0.range]) } }

    /// Takes the answers to all questions, in their order: whether the group did not move.
    mutating func settle(_ holds: [Bool]) {
        if isHalved { isContradictory = isContradictory || Self.hasUnmovedPair(holds) }
        unmoved += zip(open, holds).filter(\.1).flatMap { ids($0.0) }
        let groups = open.indices.filter { !holds[$0] }.map { index in
            let isOfTwo = isHalved && !holds[index ^ 1]
            return Group(range: open[index].range, crowd: isOfTwo ? open[index].crowd + 1 : 0)
        }
        let divisible = groups.filter { $0.range.count > 1 && $0.crowd < Self.crowded }
        budget -= divisible.count * 2
        let rest = groups.filter { $0.range.count == 1 || $0.crowd == Self.crowded }
        moved += (budget < 0 ? groups : rest).map(ids)
        open = budget < 0 ? [] : divisible.flatMap(Self.halves)
        isHalved = true
    }

    private func ids(_ group: Group) -> [String] {
        details[group.range].map(\.id)
    }

    private static func halves(_ group: Group) -> [Group] {
        let (range, middle) = (group.range, group.range.lowerBound + group.range.count / 2)
        return [range.lowerBound..<middle, middle..<range.upperBound].map { Group(range: $0, crowd: group.crowd) }
    }

    private static func hasUnmovedPair(_ holds: [Bool]) -> Bool {
        stride(from: 0, to: holds.count - 1, by: 2).contains { holds[$0] && holds[$0 + 1] }
    }
}

/// Whether sums over groups of campaigns are relied on: until they prove wrong, and then not for an hour, or for twice as
/// long as the last time, up to a day.
struct GroupTrust: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    private static let longestDistrust = Duration.seconds(24 * 3600)

    private var patience = Duration.seconds(3600)
    private var end: Instant?

    /// Whether groups may be asked about.
    func isGiven(at now: Instant) -> Bool { end.map { $0 <= now } ?? true }

    /// Notes that the sums did not add up, or that the provider has none.
    mutating func lose(at now: Instant) {
        end = now + patience
        patience = min(patience * 2, Self.longestDistrust)
    }

    /// Notes that they did.
    mutating func confirm() {
        self = GroupTrust()
    }
}
