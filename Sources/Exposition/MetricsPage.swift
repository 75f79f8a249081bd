// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The metrics page: rendered once per change, syntax and coding, served many times.
///
/// The sections are kept as rendered bytes, which `run` renews; the live section is rendered for every scrape. Scrapes may
/// be concurrent; only those before the first rendering in their format wait for one.
package final class MetricsPage: Sendable {
    private let cache: RenderCache
    private let live: any Section

    /// - Parameters:
    ///   - sections: the sections in order, which change from time to time.
    ///   - live: the section after them that changes all the time; its version is not used.
    package init(_ sections: [any Section], live: any Section) {
        cache = RenderCache(sections)
        self.live = live
    }

    /// The number of samples of the sections; `nil` before the first scrape.
    package var seriesCount: Int? { cache.seriesCount }

    /// The body of a scrape's response; `nil` if nothing is rendered yet in this format and coding.
    package func cachedBody(
        _ format: Format,
        _ coding: ContentCoding,
        at now: ContinuousClock.Instant = .now
    ) -> PageBody? {
        let key = RenderKey(syntax: format.syntax, coding: coding)
        return cache.request(key, at: now).map { body(of: $0, for: key) }
    }

    /// The body of a scrape's response, rendered first if the sections have changed.
    package func body(_ format: Format, _ coding: ContentCoding) async -> PageBody {
        let key = RenderKey(syntax: format.syntax, coding: coding)
        return body(of: await cache.render(key), for: key)
    }

    /// Renders what has changed, in the formats and codings that were scraped in the last ten minutes.
    package func refresh(at now: ContinuousClock.Instant = .now) async {
        for key in cache.removeUnused(at: now) { await cache.render(key) }
    }

    /// Refreshes the page after each change until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: the minimum pause after each refresh; a refresh that takes long is followed by a pause 20 times as
    ///     long, so that rendering takes at most a twentieth of a processor.
    ///   - clock: measures and pauses.
    package func run(every interval: Duration = .seconds(1), clock: some Clock<Duration> = .continuous) async {
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            for section in cache.sections {
                group.addTask { for await _ in section.changes() { change.yield() } }
            }
            for await _ in changes {
                let duration = await clock.measure { await refresh() }
                guard (try? await clock.sleep(for: max(interval, duration * 20))) != nil else { return }
            }
        }
    }

    private func body(of page: RenderedPage, for key: RenderKey) -> PageBody {
        let body = PageBody(page.sections + [tail(of: page, key.syntax)], key.coding)
        cache.setByteCount(body.byteCount, for: key)
        return body
    }

    // The tail is not compressed: that would be a third of a small scrape's cost, to save a kilobyte.
    private func tail(of page: RenderedPage, _ syntax: Syntax) -> RenderedSection {
        var writer = ExpositionWriter(syntax)
        live.write(to: &writer)
        writer.open(PageFamilies.exposition)
        for (key, byteCount) in cache.byteCounts.sorted(by: { $0.key < $1.key }) {
            let labels = Labels(["format": key.syntax.rawValue, "encoding": key.coding.rawValue])
            writer.sample(labels, Double(byteCount))
        }
        writer.open(PageFamilies.series)
        // This sample counts itself.
        writer.sample(Labels(), Double(page.seriesCount + writer.seriesCount + 1))
        writer.end()
        return writer.finish()
    }
}

/// The families that describe the page itself.
package enum PageFamilies {
    static let exposition = MetricFamily(
        "outreach_exporter_exposition_bytes",
        .gauge,
        "Size of the body of the last answer to a scrape, by format and encoding.",
        labels: ["format", "encoding"]
    )
    static let series = MetricFamily("outreach_exporter_series", .gauge, "Samples on this page.")

    /// In the order of the page, for the documentation.
    package static let all = [exposition, series]
}

/// A part of the page that changes on its own: provider data, collection state, the process.
///
/// No family may be in two sections.
package protocol Section: Sendable {
    /// A number that differs after every change of what `write` would write.
    var version: UInt64 { get }

    /// The version now and after every change; a slow consumer sees only the newest.
    ///
    /// Empty by default: such a section is checked when another one changes.
    func changes() -> AsyncStream<UInt64>

    /// Writes the families of this section in a stable order.
    func write(to writer: inout ExpositionWriter)
}

extension Section {
    package func changes() -> AsyncStream<UInt64> {
        AsyncStream { $0.finish() }
    }
}

/// The body of a scrape's response.
package struct PageBody: Sendable {
    /// The bytes in order; most chunks are shared with other responses.
    package let chunks: [[UInt8]]
    /// The number of bytes.
    package let byteCount: Int

    /// Concatenates sections in a coding; uncompressed ones become stored blocks in a gzip body.
    init(_ sections: [RenderedSection], _ coding: ContentCoding) {
        chunks =
            switch coding {
            case .identity: sections.flatMap(\.plain)
            case .gzip: GzipMember.splice(sections.map(\.deflated))
            }
        byteCount = chunks.reduce(0) { $0 + $1.count }
    }
}

extension RenderedSection {
    fileprivate var deflated: DeflatePiece {
        switch content {
        case .deflated(let piece): piece
        case .plain(let chunks): DeflatePiece(storing: chunks)
        }
    }

    fileprivate var plain: [[UInt8]] {
        if case .plain(let chunks) = content { chunks } else { [] }
    }
}
