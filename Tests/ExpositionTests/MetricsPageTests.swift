// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Exposition

@Suite("The metrics page", .timeLimit(.minutes(30)))
struct MetricsPageTests {
    private let start = ContinuousClock.now

    @Test("Holds the sections in order, then the live one, then the families of the page itself")
    func order() async {
        let page = MetricsPage([FakeSection("first"), FakeSection("second")], live: FakeSection("live"))
        #expect(
            await page.scrape(.text004, .identity).text == """
                # HELP first Test.
                # TYPE first gauge
                first 0
                # HELP second Test.
                # TYPE second gauge
                second 0
                # HELP live Test.
                # TYPE live gauge
                live 0
                # HELP outreach_exporter_series Samples on this page.
                # TYPE outreach_exporter_series gauge
                outreach_exporter_series 4

                """
        )
    }

    @Test("Ends OpenMetrics with `# EOF`", arguments: [Format.openMetrics100, .openMetrics001])
    func mark(format: Format) async {
        let lines = await MetricsPage([], live: FakeSection("live")).scrape(format, .identity).text.split(
            separator: "\n"
        )
        #expect(lines.last == "# EOF")
        #expect(lines.count { $0 == "# EOF" } == 1)
    }

    @Test("Has the size of the last response by format and encoding")
    func sizes() async {
        let page = MetricsPage([FakeSection("first")], live: FakeSection("live"))
        let plain = await page.scrape(.text004, .identity)
        let gzip = await page.scrape(.openMetrics100, .gzip)
        let text = await page.scrape(.text100, .identity).text
        let name = "outreach_exporter_exposition_bytes"
        #expect(text.contains("\(name){format=\"text\",encoding=\"identity\"} \(plain.byteCount)\n"))
        #expect(text.contains("\(name){format=\"openmetrics\",encoding=\"gzip\"} \(gzip.byteCount)\n"))
        #expect(plain.byteCount == plain.chunks.joined().count)
        #expect(gzip.byteCount == gzip.chunks.joined().count)
    }

    @Test("Counts all its samples, its own included", arguments: Format.allCases)
    func series(format: Format) async {
        let page = MetricsPage([FakeSection("first", series: 7), FakeSection("second")], live: FakeSection("live"))
        for _ in 0..<3 {
            let lines = await page.scrape(format, .identity).text.split(separator: "\n")
            let samples = lines.filter { !$0.hasPrefix("#") }
            #expect(samples.last == "outreach_exporter_series \(samples.count)")
        }
    }

    @Test("Unpacked, the gzip page is the plain page of the same moment", arguments: Format.allCases)
    func gzip(format: Format) async throws {
        let page = MetricsPage([FakeSection("first", series: 9_000)], live: FakeSection("live"))
        let packed = await page.scrape(format, .gzip)
        #expect(packed.chunks.first?.prefix(2) == [0x1f, 0x8b])
        // Only the sizes of the answers before, which the page tells, are not the same.
        let unpacked = String(decoding: try gunzip(packed.chunks), as: UTF8.self)
        let plain = await page.scrape(format, .identity).text
        let lines = [unpacked, plain].map { text in
            text.split(separator: "\n").filter { !$0.contains("outreach_exporter_") }
        }
        #expect(lines[0] == lines[1])
        #expect(lines[0].count > 9_000)
    }

    @Test("A section is written once per format, coding and change; the live one for every scrape")
    func rebuild() async {
        let (still, changing, live) = (FakeSection("still"), FakeSection("changing"), FakeSection("live"))
        let page = MetricsPage([still, changing], live: live)
        for _ in 0..<3 { _ = await page.scrape(.text004, .gzip) }
        #expect([still.writes, changing.writes, live.writes] == [1, 1, 3])
        await page.refresh()
        #expect([still.writes, changing.writes] == [1, 1])
        changing.change()
        await page.refresh()
        await page.refresh()
        #expect([still.writes, changing.writes] == [1, 2])
        _ = await page.scrape(.openMetrics100, .gzip)
        _ = await page.scrape(.openMetrics001, .gzip)
        #expect([still.writes, changing.writes, live.writes] == [2, 3, 5])
    }

    @Test("Nothing is built that nobody asked for, and what nobody asks for any more is dropped")
    func demand() async {
        let section = FakeSection("section")
        let page = MetricsPage([section], live: FakeSection("live"))
        await page.refresh(at: start)
        #expect(section.writes == 0)
        _ = await page.scrape(.text004, .identity, at: start)
        _ = await page.scrape(.openMetrics100, .gzip, at: start + .seconds(300))
        section.change()
        await page.refresh(at: start + .seconds(601))
        #expect(section.writes == 3)
        _ = await page.scrape(.text004, .identity, at: start + .seconds(602))
        #expect(section.writes == 4)
    }

    @Test("A change shows after the refresh, never half")
    func change() async {
        let section = FakeSection("section")
        let page = MetricsPage([section], live: FakeSection("live"))
        _ = await page.scrape(.text004, .identity)
        section.change()
        #expect(await page.scrape(.text004, .identity).text.contains("section 0\n"))
        await page.refresh()
        #expect(await page.scrape(.text004, .identity).text.contains("section 1\n"))
    }

    @Test("A scrape during a rebuild is answered from the previous page")
    func previous() async {
        let section = FakeSection("section")
        let page = MetricsPage([section], live: FakeSection("live"))
        _ = await page.scrape(.text004, .identity)
        section.change()
        let during = Mutex<String?>(nil)
        section.whileWriting {
            let text = page.cachedBody(.text004, .identity)?.text
            during.withLock { $0 = text }
        }
        await page.refresh()
        #expect(during.withLock { $0 }?.contains("section 0\n") == true)
        #expect(section.writes == 2)
        #expect(await page.scrape(.text004, .identity).text.contains("section 1\n"))
    }

    @Test("Before the first build there is nothing to answer from")
    func nothing() async {
        let page = MetricsPage([FakeSection("section")], live: FakeSection("live"))
        #expect(page.cachedBody(.text004, .gzip)?.byteCount == nil)
        _ = await page.body(.text004, .gzip)
        #expect(page.cachedBody(.text004, .gzip)?.byteCount != nil)
        #expect(page.cachedBody(.text004, .identity)?.byteCount == nil)
    }

    @Test("Scrapes that come first at the same time share one build")
    func together() async {
        let section = FakeSection("section", series: 1_000)
        let page = MetricsPage([section], live: FakeSection("live"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { _ = await page.scrape(.openMetrics100, .gzip) } }
        }
        #expect(section.writes == 1)
    }

    @Test("Running renews the page when a section changes, until it is cancelled")
    func run() async {
        let section = FakeSection("section")
        let page = MetricsPage([FakeSection("still"), section], live: FakeSection("live"))
        _ = await page.scrape(.text004, .identity)
        let (built, signal) = AsyncStream<Void>.makeStream()
        section.whileWriting { signal.yield() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await page.run(every: .milliseconds(1)) }
            var builds = built.makeAsyncIterator()
            for _ in 0..<3 {
                section.change()
                _ = await builds.next()
            }
            group.cancelAll()
        }
        #expect(section.writes == 4)
    }
}

extension PageBody {
    /// The text of an uncompressed body.
    fileprivate var text: String { String(decoding: chunks.reduce(into: []) { $0 += $1 }, as: UTF8.self) }
}

extension MetricsPage {
    /// Scrapes the page as the exporter does.
    fileprivate func scrape(_ format: Format, _ coding: ContentCoding, at now: ContinuousClock.Instant = .now) async
        -> PageBody
    {
        if let body = cachedBody(format, coding, at: now) { return body }
        return await body(format, coding)
    }
}
