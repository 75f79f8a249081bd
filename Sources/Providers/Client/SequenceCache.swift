// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Synchronization

/// What each campaign's sequence consists of, requested again only when the campaign's row says that it was edited.
final class SequenceCache<Sequence: Sendable>: Sendable {
    private struct State {
        /// The rows' revisions by campaign, of the last listing.
        var revisions: [String: String] = [:]
        var sequences: [String: (revision: String?, sequence: Sequence)] = [:]
    }

    private let state = Mutex(State())

    /// Takes over the revisions of a complete listing, and forgets the sequences of campaigns that it does not have.
    func list(_ revisions: [String: String]) {
        state.withLock { state in
            state.revisions = revisions
            state.sequences = state.sequences.filter { revisions[$0.key] != nil }
        }
    }

    /// The sequence of a campaign: the known one if its revision is current and it `fits`, else the one that `fetch` gets.
    func sequence(
        of campaign: String,
        fits: (Sequence) -> Bool,
        fetch: () async throws(APIError) -> Sequence
    ) async throws(APIError) -> Sequence {
        let (revision, known) = state.withLock { ($0.revisions[campaign], $0.sequences[campaign]) }
        if let known, known.revision == revision, fits(known.sequence) { return known.sequence }
        let sequence = try await fetch()
        state.withLock { $0.sequences[campaign] = (revision, sequence) }
        return sequence
    }
}
