// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Finds campaigns whose detail changed though their row of the listing did not, by asking about groups of campaigns.
struct ChangeProbe: Sendable {
    let source: any AccountSource
    let state: AccountState
    let clock: any CollectionClock

    /// Probes every campaign that has a current detail; changed ones become due.
    ///
    /// - Returns: groups in which at least one campaign changed, provided that the provider's answers are right.
    /// - Throws: an error that concerns the account. Any other one ends the probe: campaigns that it did not reach are
    ///   fetched at their check interval.
    func run() async throws(APIError) -> [[String]] {
        let asked = clock.now
        guard source.groupSize > 0, state.data.probeSuspension.allowsProbe(at: asked) else { return [] }
        var search = ChangeSearch(state.data.tracker.currentDetails, groupSize: source.groupSize)
        var failure: APIError?
        while failure == nil, !search.groups.isEmpty {
            do throws(APIError) {
                search.record(
                    try await search.groups.concurrently { group async throws(APIError) in
                        try await isUnchanged(group)
                    }
                )
            } catch {
                failure = error
            }
        }
        finish(search, failure, at: asked)
        if let failure, failure.concernsAccount { throw failure }
        return search.changed
    }

    private func finish(_ search: ChangeSearch, _ failure: APIError?, at asked: Instant) {
        let isUseless =
            switch failure?.kind {
            case .rejected, .refused: true
            default: search.isInconsistent
            }
        state.update { data in
            data.tracker.recordProbe(unchanged: search.unchanged, changed: search.changed.flatMap(\.self), at: asked)
            if isUseless { data.probeSuspension.suspend(at: asked) }
        }
    }

    private func isUnchanged(_ group: [Campaign]) async throws(APIError) -> Bool {
        do throws(APIError) {
            return try await source.areUnchanged(group)
        } catch .gone {
            return false
        }
    }
}

/// Finds the changed ones among many campaigns by bisection: asks about groups, then about the halves of changed groups.
///
/// With groups of 50, 2,000 unchanged campaigns take 40 requests; each changed one takes about twelve more. Halving stops
/// where it would cost more than fetching the details: for a group that comes from three halvings in a row in which both
/// halves had changed, and for all groups once the budget is spent.
struct ChangeSearch: Sendable {
    private struct Group {
        let range: Range<Int>
        /// Halvings in a row that led here and of which both halves had changed.
        let doubleChanges: Int
    }

    private static let maximumDoubleChanges = 3

    private(set) var unchanged: [String] = []
    /// Groups in which at least one campaign changed.
    private(set) var changed: [[String]] = []
    /// Whether a group was called changed and both its halves unchanged, so that the answers cannot be right.
    private(set) var isInconsistent = false
    private var pending: [Group]
    /// Requests left for halves: a quarter of the campaigns, at least 32.
    private var budget: Int
    private var isHalved = false
    private let details: [Campaign]

    /// Starts with groups of at most `groupSize` campaigns.
    init(_ details: [Campaign], groupSize: Int) {
        self.details = details
        pending = stride(from: 0, to: details.count, by: groupSize).map {
            Group(range: $0..<min($0 + groupSize, details.count), doubleChanges: 0)
        }
        budget = max(32, details.count / 4)
    }

    /// The groups to ask about next; empty at the end.
    var groups: [[Campaign]] { pending.map { Array(details[$0.range]) } }

    /// Records the answers for `groups`, in their order: whether the group is unchanged.
    mutating func record(_ isUnchanged: [Bool]) {
        // The halves of a group are neighbours, at an even index and the odd one after it.
        if isHalved {
            isInconsistent =
                isInconsistent
                || stride(from: 0, to: isUnchanged.count - 1, by: 2).contains { isUnchanged[$0] && isUnchanged[$0 + 1] }
        }
        unchanged += zip(pending, isUnchanged).filter(\.1).flatMap { ids($0.0) }
        let groups = pending.indices.filter { !isUnchanged[$0] }.map { index in
            let isDouble = isHalved && !isUnchanged[index ^ 1]
            return Group(range: pending[index].range, doubleChanges: isDouble ? pending[index].doubleChanges + 1 : 0)
        }
        let divisible = groups.filter { $0.range.count > 1 && $0.doubleChanges < Self.maximumDoubleChanges }
        let indivisible = groups.filter { $0.range.count == 1 || $0.doubleChanges == Self.maximumDoubleChanges }
        budget -= divisible.count * 2
        changed += (budget < 0 ? groups : indivisible).map(ids)
        pending = budget < 0 ? [] : divisible.flatMap(Self.halves)
        isHalved = true
    }

    private func ids(_ group: Group) -> [String] {
        details[group.range].map(\.id)
    }

    private static func halves(_ group: Group) -> [Group] {
        let (range, middle) = (group.range, group.range.lowerBound + group.range.count / 2)
        return [range.lowerBound..<middle, middle..<range.upperBound].map {
            Group(range: $0, doubleChanges: group.doubleChanges)
        }
    }
}

/// Suspends probes after the provider's answers proved wrong: for an hour, then for twice as long each time, at most a day.
struct ProbeSuspension: Sendable {
    private static let maximum = Duration.seconds(24 * 3600)

    private var duration = Duration.seconds(3600)
    private var end: Instant?

    func allowsProbe(at now: Instant) -> Bool { end.map { $0 <= now } ?? true }

    /// Suspends probes, because answers were wrong or the provider rejected the call.
    mutating func suspend(at now: Instant) {
        end = now + duration
        duration = min(duration * 2, Self.maximum)
    }

    /// Resets the duration after a probe with right answers.
    mutating func reset() {
        self = ProbeSuspension()
    }
}

extension CollectionCycle {
    /// Suspends probes if a group's total changed but no campaign's detail did: the totals are not sums of the details.
    func verify(_ changedGroups: [[String]]) {
        let now = now
        state.update { data in
            guard data.probeSuspension.allowsProbe(at: now) else { return }
            if changedGroups.contains(where: data.tracker.areUnchanged) {
                data.probeSuspension.suspend(at: now)
            } else {
                data.probeSuspension.reset()
            }
        }
    }
}
