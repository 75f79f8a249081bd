// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The look at campaigns whose rows did not move: what the listing does not show, told by sums over groups of them.
struct GroupLook: Sendable {
    /// Whom to ask.
    let source: any AccountSource
    /// Where the answers go.
    let ledger: AccountLedger
    /// The time.
    let clock: any CollectionClock

    /// Looks at every campaign that has a current detail; those that moved, or may have, become due.
    ///
    /// - Returns: groups of which at least one campaign moved, if the sums are to be trusted.
    /// - Throws: a failure behind which there is no point in going on. Any other ends the look: what it did not reach
    ///   is fetched in its own time.
    func run() async throws(CallFailure) -> [[String]] {
        let asked = clock.now
        guard source.groupSize > 0, ledger.data.groupTrust.isGiven(at: asked) else { return [] }
        var search = GroupSearch(ledger.data.book.currentDetails, groupsOf: source.groupSize)
        var failure: CallFailure?
        while failure == nil, !search.questions.isEmpty {
            do throws(CallFailure) {
                search.settle(
                    try await search.questions.concurrently { group async throws(CallFailure) in
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

    private func finish(_ search: GroupSearch, _ failure: CallFailure?, at asked: ContinuousClock.Instant) {
        let isUseless = if case .rejected? = failure { true } else { search.isContradictory }
        ledger.update { data in
            data.book.noteLook(unmoved: search.unmoved, moved: search.moved.flatMap(\.self), at: asked)
            if isUseless { data.groupTrust.lose(at: asked) }
        }
    }

    /// A campaign that is gone has moved.
    private func answer(to group: [Campaign]) async throws(CallFailure) -> Bool {
        do throws(CallFailure) {
            return try await source.stillHold(group)
        } catch .gone {
            return false
        }
    }
}
