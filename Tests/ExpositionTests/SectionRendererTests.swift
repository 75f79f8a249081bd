// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import Compression
@testable import Exposition

@Suite("Sections put together from blocks")
struct SectionRendererTests {
    /// Two families; an account has the same number of samples in both, of which the second has its version as value.
    private final class Accounts: Section {
        struct Content {
            let account: String
            let rows: Int
            var value = 0.0
        }

        let families = [MetricFamily("still", .gauge, "Still."), MetricFamily("moving", .gauge, "Moving.")]
        let contents: Mutex<[Content]>
        let written = Mutex<[String]>([])

        init(_ contents: [Content]) {
            self.contents = Mutex(contents)
        }

        var version: UInt64 { 0 }

        func changes() -> AsyncStream<UInt64> { AsyncStream { $0.finish() } }

        func entries(of accounts: Set<String>?) -> [SectionEntry<Content>] {
            contents.withLock { $0 }.map { content in
                SectionEntry(
                    account: content.account,
                    version: UInt64(content.value),
                    rows: content.rows,
                    content: content
                )
            }
        }

        func write(_ contents: [Content], to writer: inout ExpositionWriter) {
            written.withLock { $0 += contents.map(\.account) }
            for family in families {
                writer.open(family)
                for content in contents {
                    for row in 0..<content.rows {
                        let labels = Labels(["account": content.account, "row": "\(row)"])
                        writer.sample(labels, family.name == "still" ? 0 : content.value)
                    }
                }
            }
        }

        func change(_ index: Int) {
            contents.withLock { $0[index].value += 1 }
        }

        /// What the blocks must add up to.
        var text: [UInt8] {
            var writer = ExpositionWriter(.text)
            write(contents.withLock { $0 }, to: &writer)
            written.withLock { $0 = [] }
            return writer.finish()
        }
    }

    private func render(_ section: Accounts, _ coding: ContentCoding, reusing previous: RenderedSection? = nil)
        -> RenderedSection
    {
        SectionRenderer(RenderKey(syntax: .text, coding: coding)).render(section, reusing: previous)
    }

    private func text(_ section: RenderedSection, _ coding: ContentCoding) throws -> [UInt8] {
        guard coding == .gzip else { return section.bytes.reduce(into: []) { $0 += $1 } }
        return try gunzip(GzipMember.splice([DeflatePiece(chunks: section.bytes, checksum: section.checksum)]))
    }

    @Test("After every change the section is what it would be without blocks", arguments: ContentCoding.allCases)
    func changes(coding: ContentCoding) throws {
        let section = Accounts((0..<20).map { .init(account: "a\($0 + 10)", rows: $0 == 7 ? 2_500 : $0 * 10) })
        var rendered = render(section, coding)
        #expect(try text(rendered, coding) == section.text)
        for step in 0..<12 {
            section.contents.withLock { contents in
                switch step % 3 {
                case 0: contents[step % contents.count].value += 1
                case 1: contents.remove(at: step * 7 % contents.count)
                default: contents.insert(.init(account: "b\(step)", rows: step * 30), at: step * 5 % contents.count)
                }
            }
            rendered = render(section, coding, reusing: rendered)
            #expect(try text(rendered, coding) == section.text)
            #expect(rendered.seriesCount == 2 * section.contents.withLock { $0.reduce(0) { $0 + $1.rows } })
        }
    }

    @Test("A small section is one block with its metadata, until it grows", arguments: ContentCoding.allCases)
    func small(coding: ContentCoding) throws {
        let section = Accounts((0..<3).map { .init(account: "a\($0)", rows: $0 * 10) })
        var rendered: RenderedSection?
        for rows in [5, 5, 2_000, 0, 3] {
            section.contents.withLock { contents in
                contents[1] = .init(account: "a1", rows: rows, value: contents[1].value + 1)
            }
            let next = render(section, coding, reusing: rendered)
            #expect(next.isDivided == (rows > 1_000))
            #expect(next.runs[0].blocks.count == (rows > 1_000 ? 2 : 1))
            #expect(try text(next, coding) == section.text)
            rendered = next
        }
    }

    @Test("A change renders the accounts of its run and no other")
    func runs() {
        let section = Accounts((0..<40).map { .init(account: "a\($0 + 10)", rows: 100) })
        let first = render(section, .gzip)
        #expect(first.runs.count == 10)
        section.written.withLock { $0 = [] }
        section.change(17)
        _ = render(section, .gzip, reusing: first)
        #expect(section.written.withLock { $0 } == ["a26", "a27", "a28", "a29"])
    }

    @Test("Of a family whose text is the same the bytes are kept, and its chunk is shared with the page before")
    func families() throws {
        let section = Accounts((0..<40).map { .init(account: "a\($0 + 10)", rows: 200) })
        let first = render(section, .identity)
        section.change(3)
        let second = render(section, .identity, reusing: first)
        try #require(first.bytes.count == 2)
        #expect(address(of: second.bytes[0]) == address(of: first.bytes[0]))
        #expect(address(of: second.bytes[1]) != address(of: first.bytes[1]))
        // Blocks are slices of the chunks, so that nothing is in memory twice.
        for run in second.runs {
            for (block, chunk) in zip(run.blocks, second.bytes) {
                #expect(address(of: chunk)..<(address(of: chunk) + chunk.count) ~= address(of: block.bytes))
            }
        }
    }

    @Test("Only the stretches of a large account's family that differ are compressed again")
    func stretches() {
        var still = [UInt8](repeating: 1, count: 100)
        let encoder = BlockEncoder(.gzip)
        func block(_ texts: [[UInt8]], reusing previous: [Block] = []) -> Block {
            encoder.start(reusing: previous)
            for text in texts { encoder.append(text.span, fingerprint: text.hashValue) }
            encoder.endBlock(seriesCount: texts.count)
            return encoder.finish()[0]
        }
        let first = block([still, [2], still])
        still[0] = 9
        for texts in [[still, [2], still], [still, [3]], [[1], [2], [3], [4]], [], [still, [2], still, still]] {
            let (next, anew) = (block(texts, reusing: [first]), block(texts))
            let text = Array(texts.joined())
            let checksum = Checksum(of: text.span)
            #expect(next.stretches == anew.stretches)
            #expect(next.bytes == anew.bytes)
            #expect(next.checksum == checksum)
        }
    }

    @Test("A family without samples has no metadata, and a section without entries no bytes")
    func empty() throws {
        let section = Accounts([.init(account: "a", rows: 0)])
        #expect(render(section, .gzip).bytes.isEmpty)
        section.contents.withLock { $0 = [] }
        #expect(render(section, .identity).bytes.isEmpty)
    }

    private func address(of bytes: some Collection<UInt8>) -> Int {
        bytes.withContiguousStorageIfAvailable { Int(bitPattern: $0.baseAddress) } ?? 0
    }
}
