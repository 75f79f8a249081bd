// SPDX-License-Identifier: Apache-2.0

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

    /// The runs of an account of its own, by section.
    private struct AccountRuns {
        var runs: [Int: RenderedRun] = [:]
        var lastRequest: ContinuousClock.Instant
    }

    /// An account in a syntax and coding.
    private struct AccountKey: Hashable {
        let account: String
        let key: RenderKey
    }

    /// How long is kept what nobody requests: twice the longest sensible scrape interval, five minutes.
    private static let retention = Duration.seconds(600)

    /// The sections of the page, in order.
    nonisolated let sections: [any Section]
    nonisolated private let state = Mutex(State())
    private var accounts: [AccountKey: AccountRuns] = [:]
    /// The metadata of each section, for pages of some accounts: never more than a few kilobytes per key.
    private var headers: [RenderKey: [[Block]]] = [:]

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

    /// Returns the sections with some accounts only, rendering first those that have changed.
    ///
    /// Each account is kept as runs of its own, so that any selection costs no more memory than the accounts in it.
    func render(_ names: Set<String>, for key: RenderKey, at now: ContinuousClock.Instant) -> [RenderedSection] {
        let page = state.withLock { $0.pages[key] }
        let renderer = SectionRenderer(key)
        if headers[key] == nil { headers[key] = sections.map { renderer.headers(of: $0) } }
        return zip(sections.indices, headers[key] ?? []).map { index, headers in
            let runs = runs(sections[index], index, names, with: renderer, page: page?.sections[index], at: now)
            return RenderedSection(runs, headers: headers, reusing: nil)
        }
    }

    private func runs(
        _ section: some Section,
        _ index: Int,
        _ names: Set<String>,
        with renderer: SectionRenderer,
        page: RenderedSection?,
        at now: ContinuousClock.Instant
    ) -> [RenderedRun] {
        let page = page.flatMap { $0.isDivided ? $0 : nil }
        return section.entries(of: names).map { entry in
            let key = AccountKey(account: entry.account, key: renderer.key)
            // An account that is a run of the page needs no copy.
            if let run = page?.runs.first(where: { $0.stamps == [entry.stamp] }) { return run }
            let run = renderer.render(section, [entry], reusing: accounts[key]?.runs[index])
            accounts[key, default: AccountRuns(lastRequest: now)].runs[index] = run
            accounts[key]?.lastRequest = now
            return run
        }
    }

    /// Renders the pages that were requested lately, and removes everything else.
    func refresh(at now: ContinuousClock.Instant) {
        accounts = accounts.filter { now - $0.value.lastRequest < Self.retention }
        let keys = state.withLock { state in
            state.lastRequests = state.lastRequests.filter { now - $0.value < Self.retention }
            state.pages = state.pages.filter { state.lastRequests[$0.key] != nil }
            return state.pages.keys.sorted()
        }
        for key in keys { render(key) }
    }
}

/// The rendered sections of a page in one syntax and coding: immutable, replaced as a whole.
struct RenderedPage: Sendable {
    /// In the order of the page.
    let sections: [RenderedSection]
    private let versions: [UInt64]

    var seriesCount: Int { sections.reduce(0) { $0 + $1.seriesCount } }

    /// Renders what has changed since `previous`.
    init(of sources: [any Section], for key: RenderKey, reusing previous: RenderedPage?) {
        // Versions are read first: a section that changes while it is written is rendered again next time.
        let versions = sources.map(\.version)
        self.versions = versions
        let renderer = SectionRenderer(key)
        sections = sources.indices.map { index in
            if let previous, previous.versions[index] == versions[index] { return previous.sections[index] }
            return renderer.render(sources[index], reusing: previous?.sections[index])
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
