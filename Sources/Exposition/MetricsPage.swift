// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The page: built once per change and rendition, served many times.
///
/// The sections are kept as rendered bytes and renewed by `run`; the moment is rendered anew for every scrape. Many
/// threads may scrape at once; none of them waits for a build but those that come before the first one.
package final class MetricsPage: Sendable {
    private let shelf = RenderCache()
    private let press: PageRenderer
    private let moment: any Section

    /// A page of sections in the order given.
    ///
    /// - Parameters:
    ///   - sections: what changes now and then.
    ///   - moment: what changes all the time, behind them; its version is not looked at.
    package init(_ sections: [any Section], moment: any Section) {
        press = PageRenderer(sections, shelf: shelf)
        self.moment = moment
    }

    /// How many samples the sections had when somebody scraped last; `nil` before that.
    package var seriesCount: Int? { shelf.seriesCount }

    /// The page for one scrape; `nil` where nothing is built yet to answer from.
    package func body(
        _ format: Format,
        _ coding: ContentCoding,
        at now: ContinuousClock.Instant = .now
    ) -> Body? {
        let rendition = RenderKey(syntax: format.syntax, coding: coding)
        return shelf.ask(for: rendition, at: now).map { body(of: $0, in: rendition) }
    }

    /// The page for one scrape, which waits for the build where there is none yet.
    package func firstBody(_ format: Format, _ coding: ContentCoding) async -> Body {
        let rendition = RenderKey(syntax: format.syntax, coding: coding)
        return body(of: await press.edition(in: rendition), in: rendition)
    }

    /// Renews what has moved, in the renditions that scrapes ask for, and forgets the others.
    package func refresh(at now: ContinuousClock.Instant = .now) async {
        for rendition in shelf.wanted(at: now) { await press.edition(in: rendition) }
    }

    /// Keeps the page current until the task is cancelled; costs nothing while nothing changes.
    ///
    /// - Parameters:
    ///   - interval: the pause behind every build. Behind a long one it is longer, so that builds take at most a
    ///     twentieth of a processor.
    ///   - clock: what to wait by.
    package func run(every interval: Duration = .seconds(1), clock: some Clock<Duration> = .continuous) async {
        let (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            for section in press.sections {
                group.addTask { for await _ in section.changes() { change.yield() } }
            }
            for await _ in changes {
                let took = await clock.measure { await refresh() }
                guard (try? await clock.sleep(for: max(interval, took * 20))) != nil else { return }
            }
        }
    }

    private func body(of edition: RenderedPage, in rendition: RenderKey) -> Body {
        let body = Body(edition.parts + [tail(of: edition, in: rendition.syntax)], rendition.coding)
        shelf.note(body.byteCount, in: rendition)
        return body
    }

    // The tail is not compressed: that would be a third of a small scrape's cost, to save a kilobyte.
    private func tail(of edition: RenderedPage, in syntax: Syntax) -> RenderedSection {
        var writer = ExpositionWriter(syntax)
        moment.write(to: &writer)
        writer.write(shelf.byteCounts)
        writer.writeTotal(behind: edition.seriesCount)
        writer.end()
        return writer.finish()
    }
}

/// The families that tell about the page itself.
package enum PageFamilies {
    /// Sizes of answers.
    static let exposition = MetricFamily(
        "outreach_exporter_exposition_bytes",
        .gauge,
        "Size of the body of the last answer to a scrape, by format and encoding.",
        labels: ["format", "encoding"]
    )
    /// Samples.
    static let series = MetricFamily("outreach_exporter_series", .gauge, "Samples on this page.")

    /// All of them, in the order of the page.
    package static let all = [exposition, series]
}

/// What the page says about itself.
extension ExpositionWriter {
    /// Writes the size of the last answer in each rendition.
    mutating func write(_ byteCounts: [RenderKey: Int]) {
        open(PageFamilies.exposition)
        for (rendition, byteCount) in byteCounts.sorted(by: { $0.key < $1.key }) {
            let labels = Labels(["format": rendition.syntax.rawValue, "encoding": rendition.coding.rawValue])
            sample(labels, Double(byteCount))
        }
    }

    /// Writes how many samples the whole page has, this one included; it comes last.
    ///
    /// - Parameter count: the samples that stand before this writer's.
    mutating func writeTotal(behind count: Int) {
        open(PageFamilies.series)
        sample(Labels(), Double(count + seriesCount + 1))
    }
}

/// A part of the page that changes on its own: provider data, collection state, the process.
///
/// No family may be in two sections.
package protocol Section: Sendable {
    /// Differs after every change of what `write` would write.
    var version: UInt64 { get }

    /// The version now and after every change; who is slow sees only the newest.
    ///
    /// By default nothing: such a section is looked at when another one changes.
    func changes() -> AsyncStream<UInt64>

    /// Writes the families of this section in a stable order.
    func write(to writer: inout ExpositionWriter)
}

extension Section {
    package func changes() -> AsyncStream<UInt64> {
        AsyncStream { $0.finish() }
    }
}

/// What a scrape gets.
package struct Body: Sendable {
    /// The bytes, one chunk behind the other; the chunks are shared with other scrapes.
    package let chunks: [[UInt8]]
    /// How many bytes there are.
    package let byteCount: Int

    /// Joins parts in a coding; a part that is not compressed stands in a gzip body as it is.
    init(_ parts: [RenderedSection], _ coding: ContentCoding) {
        chunks =
            switch coding {
            case .identity: parts.flatMap(\.plain)
            case .gzip: GzipMember.splice(parts.map(\.piece))
            }
        byteCount = chunks.reduce(0) { $0 + $1.count }
    }
}

extension RenderedSection {
    fileprivate var piece: DeflatePiece {
        switch content {
        case .deflated(let piece): piece
        case .plain(let chunks): DeflatePiece(storing: chunks)
        }
    }

    fileprivate var plain: [[UInt8]] {
        if case .plain(let chunks) = content { chunks } else { [] }
    }
}
