// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Synchronization

/// The rendered sections of a page, by syntax and coding.
///
/// The actor renders one page at a time: so nothing is rendered twice, memory holds one page being built, and callers wait
/// without holding a thread. What is rendered can be read at any time.
actor RenderCache {
    private struct State {
        var pages: [RenderKey: RenderedPage] = [:]
        var lastRequests: [RenderKey: ContinuousClock.Instant] = [:]
        var byteCounts: [RenderKey: Int] = [:]
    }

    /// How long a page is kept that nobody requests: twice the longest sensible scrape interval, five minutes.
    private static let retention = Duration.seconds(600)

    /// The sections of the page, in order.
    nonisolated let sections: [any Section]
    nonisolated private let state = Mutex(State())

    init(_ sections: [any Section]) {
        self.sections = sections
    }

    /// The number of samples of a rendered page; `nil` before the first is rendered.
    nonisolated var seriesCount: Int? { state.withLock { $0.pages.values.first?.seriesCount } }

    /// The size in bytes of the last response by key.
    nonisolated var byteCounts: [RenderKey: Int] { state.withLock { $0.byteCounts } }

    /// Notes the size of a response.
    nonisolated func setByteCount(_ byteCount: Int, for key: RenderKey) {
        state.withLock { $0.byteCounts[key] = byteCount }
    }

    /// Returns the rendered page, if there is one, and notes that it was requested.
    nonisolated func request(_ key: RenderKey, at now: ContinuousClock.Instant) -> RenderedPage? {
        state.withLock { state in
            state.lastRequests[key] = now
            return state.pages[key]
        }
    }

    /// Returns the rendered page, rendering first the sections that have changed.
    @discardableResult
    func render(_ key: RenderKey) -> RenderedPage {
        let previous = state.withLock { $0.pages[key] }
        if let previous, previous.isCurrent(for: sections) { return previous }
        let page = RenderedPage(of: sections, for: key, reusing: previous)
        state.withLock { $0.pages[key] = page }
        return page
    }

    /// Removes the pages that were not requested lately, and returns the keys of the others.
    nonisolated func removeUnused(at now: ContinuousClock.Instant) -> [RenderKey] {
        state.withLock { state in
            state.lastRequests = state.lastRequests.filter { now - $0.value < Self.retention }
            state.pages = state.pages.filter { state.lastRequests[$0.key] != nil }
            return state.pages.keys.sorted()
        }
    }
}

/// The rendered sections of a page in one syntax and coding: immutable, replaced as a whole.
struct RenderedPage: Sendable {
    /// In the order of the page.
    let sections: [RenderedSection]
    private let versions: [UInt64]

    /// The number of samples.
    var seriesCount: Int { sections.reduce(0) { $0 + $1.seriesCount } }

    /// Renders the sections whose version differs from that in `previous`.
    init(of sources: [any Section], for key: RenderKey, reusing previous: RenderedPage?) {
        // Versions are read first: a section that changes while it is written is rendered again next time.
        let versions = sources.map(\.version)
        self.versions = versions
        sections = sources.indices.map { index in
            if let previous, previous.versions[index] == versions[index] { return previous.sections[index] }
            var writer = ExpositionWriter(key.syntax, into: key.coding == .gzip ? Deflater() : nil)
            sources[index].write(to: &writer)
            return writer.finish()
        }
    }

    /// Whether no section has changed since.
    func isCurrent(for sections: [any Section]) -> Bool {
        versions == sections.map(\.version)
    }
}

/// What rendered bytes depend on; formats of the same syntax share them.
struct RenderKey: Sendable, Hashable, Comparable {
    let syntax: Syntax
    let coding: ContentCoding

    /// By name, for a stable order of the samples.
    static func < (left: RenderKey, right: RenderKey) -> Bool {
        (left.syntax.rawValue, left.coding.rawValue) < (right.syntax.rawValue, right.coding.rawValue)
    }
}
