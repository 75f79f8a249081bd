// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The metrics page: what changes is rendered once per syntax and coding, and served many times.
///
/// The sections are kept as rendered bytes, which `run` renews; the live section is rendered for every scrape. Scrapes may
/// be concurrent; only those before the first rendering in their format wait for one.
package final class MetricsPage: Sendable {
    private let cache: RenderCache
    private let live: any LiveSection

    /// - Parameters:
    ///   - sections: the sections in order, which change from time to time.
    ///   - live: the section after them that changes all the time.
    package init(_ sections: [any Section], live: any LiveSection) {
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

    /// The body of a response with the accounts of these names only, rendered first where they have changed.
    ///
    /// With `includesSelf` it has, too, what concerns no account: the live section, the families of the page itself and the
    /// sections' entries without an account.
    package func body(
        _ format: Format,
        _ coding: ContentCoding,
        of accounts: Set<String>,
        includesSelf: Bool = false,
        at now: ContinuousClock.Instant = .now
    ) async -> PageBody {
        let key = RenderKey(syntax: format.syntax, coding: coding)
        let sections = await cache.render(includesSelf ? accounts.union([""]) : accounts, for: key, at: now)
        return PageBody(sections, tail(of: sections, key.syntax, includesSelf: includesSelf), coding)
    }

    /// Renders what has changed, in the formats and codings that were scraped in the last ten minutes.
    package func refresh(at now: ContinuousClock.Instant = .now) async {
        await cache.refresh(at: now)
    }

    /// Refreshes the page after each change until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: the minimum pause after each refresh, which lets changes of several accounts share one; a refresh that
    ///     takes longer is followed by a pause as long, so that rendering takes at most half of a processor.
    ///   - clock: measures and pauses.
    package func run(every interval: Duration = .seconds(1), clock: some Clock<Duration> = .continuous) async {
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            for section in cache.sections {
                group.addTask { for await _ in section.changes() { change.yield() } }
            }
            for await _ in changes {
                let duration = await clock.measure { await refresh() }
                guard (try? await clock.sleep(for: max(interval, duration))) != nil else { return }
            }
        }
    }

    private func body(of page: RenderedPage, for key: RenderKey) -> PageBody {
        let body = PageBody(page.sections, tail(of: page.sections, key.syntax), key.coding)
        cache.setByteCount(body.byteCount, for: key)
        return body
    }

    // The tail is not compressed: that would be a third of a small scrape's cost, to save a kilobyte.
    private func tail(of sections: [RenderedSection], _ syntax: Syntax, includesSelf: Bool = true) -> [UInt8] {
        var writer = ExpositionWriter(syntax)
        if includesSelf {
            live.write(to: &writer)
            writer.open(PageFamilies.exposition)
            for (key, byteCount) in cache.byteCounts.sorted(by: { $0.key < $1.key }) {
                let labels = Labels(["format": key.syntax.rawValue, "encoding": key.coding.rawValue])
                writer.sample(labels, Double(byteCount))
            }
            writer.open(PageFamilies.series)
            // This sample counts itself.
            let seriesCount = sections.reduce(writer.seriesCount + 1) { $0 + $1.seriesCount }
            writer.sample(Labels(), Double(seriesCount))
        }
        writer.end()
        return writer.finish()
    }
}

/// The families that describe the page itself.
package enum PageFamilies {
    static let exposition = MetricFamily(
        gauge: "outreach_exporter_exposition_bytes",
        "Size of the body of the last answer to a scrape, by format and encoding.",
        labels: ["format", "encoding"]
    )
    static let series = MetricFamily(gauge: "outreach_exporter_series", "Samples on this page.")

    /// In the order of the page, for the documentation.
    package static let all = [exposition, series]
}

package struct PageBody: Sendable {
    /// The bytes in order; most chunks are shared with other responses.
    package let chunks: [[UInt8]]
    package let byteCount: Int

    /// Concatenates sections and a text; a gzip body has the text in stored blocks.
    init(_ sections: [RenderedSection], _ tail: [UInt8], _ coding: ContentCoding) {
        switch coding {
        case .identity:
            chunks = sections.flatMap(\.bytes) + [tail]
        case .gzip:
            let pieces = sections.map { DeflatePiece(chunks: $0.bytes, checksum: $0.checksum) }
            chunks = GzipMember.splice(pieces + [DeflatePiece(storing: tail)])
        }
        byteCount = chunks.reduce(0) { $0 + $1.count }
    }
}
