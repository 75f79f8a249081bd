// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Synchronization

/// Builds editions, one at a time: so nothing is built twice, memory holds one build, and who waits holds no thread.
actor PageRenderer {
    /// What the editions are made of.
    nonisolated let sections: [any Section]
    private let shelf: RenderCache

    /// A press that puts what it builds on a shelf.
    init(_ sections: [any Section], shelf: RenderCache) {
        self.sections = sections
        self.shelf = shelf
    }

    /// The edition of now: the one on the shelf where it still shows what the sections would write, or a new one.
    @discardableResult
    func edition(in rendition: RenderKey) -> RenderedPage {
        let previous = shelf[rendition]
        if let previous, previous.isCurrent(for: sections) { return previous }
        let edition = RenderedPage(of: sections, in: rendition, after: previous)
        shelf.put(edition, in: rendition)
        return edition
    }
}

/// The editions that scrapes are answered from, and what was asked for when.
final class RenderCache: Sendable {
    private struct State {
        var editions: [RenderKey: RenderedPage] = [:]
        var lastAsked: [RenderKey: ContinuousClock.Instant] = [:]
        var byteCounts: [RenderKey: Int] = [:]
    }

    /// How long a rendition is kept that nobody asks for: twice the longest sensible scrape interval.
    private static let patience = Duration.seconds(600)

    private let state = Mutex(State())

    /// How many samples the sections had when somebody scraped last; `nil` before that.
    var seriesCount: Int? { state.withLock { $0.editions.values.first?.seriesCount } }

    /// The size of the last answer in each rendition.
    var byteCounts: [RenderKey: Int] { state.withLock { $0.byteCounts } }

    /// What there is in a rendition, noting that somebody asked.
    func ask(for rendition: RenderKey, at now: ContinuousClock.Instant) -> RenderedPage? {
        state.withLock { state in
            state.lastAsked[rendition] = now
            return state.editions[rendition]
        }
    }

    /// What there is in a rendition.
    subscript(rendition: RenderKey) -> RenderedPage? {
        state.withLock { $0.editions[rendition] }
    }

    /// Puts an edition in place of the one before.
    func put(_ edition: RenderedPage, in rendition: RenderKey) {
        state.withLock { $0.editions[rendition] = edition }
    }

    /// Notes the size of an answer.
    func note(_ byteCount: Int, in rendition: RenderKey) {
        state.withLock { $0.byteCounts[rendition] = byteCount }
    }

    /// The renditions that are asked for; forgets the others.
    func wanted(at now: ContinuousClock.Instant) -> [RenderKey] {
        state.withLock { state in
            state.lastAsked = state.lastAsked.filter { now - $0.value < Self.patience }
            state.editions = state.editions.filter { state.lastAsked[$0.key] != nil }
            return state.editions.keys.sorted()
        }
    }
}

/// The sections that are kept, in one rendition: immutable, replaced as a whole.
struct RenderedPage: Sendable {
    /// The rendered sections in the order of the page.
    let parts: [RenderedSection]
    private let versions: [UInt64]

    /// How many samples there are.
    var seriesCount: Int { parts.reduce(0) { $0 + $1.seriesCount } }

    /// Renders the sections; those that have not moved since `previous` are taken over from it.
    init(of sections: [any Section], in rendition: RenderKey, after previous: RenderedPage? = nil) {
        // A section that moves while it is written has a later version than the one noted, and is written again.
        versions = sections.map(\.version)
        var parts: [RenderedSection] = []
        for (index, section) in sections.enumerated() {
            if let previous, previous.versions[index] == versions[index] {
                parts.append(previous.parts[index])
            } else {
                parts.append(Self.render(section, in: rendition))
            }
        }
        self.parts = parts
    }

    /// Whether it still shows what the sections would write.
    func isCurrent(for sections: [any Section]) -> Bool {
        versions == sections.map(\.version)
    }

    private static func render(_ section: any Section, in rendition: RenderKey) -> RenderedSection {
        var writer = ExpositionWriter(rendition.syntax, into: rendition.coding == .gzip ? Deflater() : nil)
        section.write(to: &writer)
        return writer.finish()
    }
}

/// A way in which the page's bytes are kept: formats that share their bytes share the rendition.
struct RenderKey: Sendable, Hashable, Comparable {
    let syntax: Syntax
    let coding: ContentCoding

    /// By name, so that a list of them is stable.
    static func < (left: RenderKey, right: RenderKey) -> Bool {
        (left.syntax.rawValue, left.coding.rawValue) < (right.syntax.rawValue, right.coding.rawValue)
    }
}
