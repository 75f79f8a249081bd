// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The editions that scrapes are answered from, and what was asked for when.
final class Shelf: Sendable {
    private struct State {
        var editions: [Rendition: Edition] = [:]
        var lastAsked: [Rendition: ContinuousClock.Instant] = [:]
        var byteCounts: [Rendition: Int] = [:]
    }

    /// How long a rendition is kept that nobody asks for: twice the longest sensible scrape interval.
    private static let patience = Duration.seconds(600)

    private let state = Mutex(State())

    /// How many samples the sections had when somebody scraped last; `nil` before that.
    var seriesCount: Int? { state.withLock { $0.editions.values.first?.seriesCount } }

    /// The size of the last answer in each rendition.
    var byteCounts: [Rendition: Int] { state.withLock { $0.byteCounts } }

    /// What there is in a rendition, noting that somebody asked.
    func ask(for rendition: Rendition, at now: ContinuousClock.Instant) -> Edition? {
        state.withLock { state in
            state.lastAsked[rendition] = now
            return state.editions[rendition]
        }
    }

    /// What there is in a rendition.
    subscript(rendition: Rendition) -> Edition? {
        state.withLock { $0.editions[rendition] }
    }

    /// Puts an edition in place of the one before.
    func put(_ edition: Edition, in rendition: Rendition) {
        state.withLock { $0.editions[rendition] = edition }
    }

    /// Notes the size of an answer.
    func note(_ byteCount: Int, in rendition: Rendition) {
        state.withLock { $0.byteCounts[rendition] = byteCount }
    }

    /// The renditions that are asked for; forgets the others.
    func wanted(at now: ContinuousClock.Instant) -> [Rendition] {
        state.withLock { state in
            state.lastAsked = state.lastAsked.filter { now - $0.value < Self.patience }
            state.editions = state.editions.filter { state.lastAsked[$0.key] != nil }
            return state.editions.keys.sorted()
        }
    }
}
