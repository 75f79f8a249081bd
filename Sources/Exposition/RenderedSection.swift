// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The blocks of a run of accounts in one syntax and coding.
struct RenderedRun: Sendable {
    /// What was rendered.
    let stamps: [EntryStamp]
    /// By family, in the order of the section.
    var blocks: [Block]
}

/// A section in one syntax and coding, put together from the blocks of its runs: immutable, replaced as a whole.
///
/// Its text is, family by family, the metadata, where a run has a sample of the family, and the blocks of the runs in order.
/// The bytes of the blocks are copied into chunks of whole families, so that a scrape sends few chunks; chunks whose blocks
/// have not changed are shared with the previous page.
struct RenderedSection: Sendable {
    private struct Chunk {
        let families: Range<Int>
        var bytes: [UInt8] = []
        var checksum = Checksum()
    }

    /// A family that is longer has a chunk of its own: in bytes.
    private static let chunkLength = 128 << 10

    /// The runs in the order of the page.
    private(set) var runs: [RenderedRun]
    /// The metadata by family; one empty block if it is among the samples.
    let headers: [Block]
    /// Whether each family has blocks of its own; a small section is one block with metadata, which compresses better.
    let isDivided: Bool
    let seriesCount: Int
    private(set) var bytes: [[UInt8]] = []
    /// Of the text; unused if the coding is `identity`.
    private(set) var checksum = Checksum()
    private var chunks: [Chunk] = []

    /// Puts blocks together; chunks whose blocks are those of `previous` are shared with it.
    init(_ runs: [RenderedRun], headers: [Block], isDivided: Bool = true, reusing previous: RenderedSection?) {
        self.runs = runs
        self.headers = headers
        self.isDivided = isDivided
        seriesCount = runs.reduce(0) { $0 + $1.blocks.reduce(0) { $0 + $1.seriesCount } }
        let old = previous.map { Dictionary($0.chunks.map { ($0.families, $0) }) { first, _ in first } } ?? [:]
        for families in chunkRanges() {
            let shared = previous.flatMap { hasBlocks(of: $0, in: families) ? old[families] : nil }
            let chunk = shared ?? makeChunk(of: families)
            chunks.append(chunk)
            bytes.append(chunk.bytes)
            checksum.append(chunk.checksum)
        }
    }

    /// Divides the families into ranges of at least `chunkLength` bytes.
    private func chunkRanges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var (start, length) = (0, 0)
        for family in headers.indices {
            length += byteCount(of: family)
            guard length >= Self.chunkLength || family == headers.count - 1 else { continue }
            if length > 0 { ranges.append(start..<family + 1) }
            (start, length) = (family + 1, 0)
        }
        return ranges
    }

    /// The number of bytes of a family with its metadata; 0 without samples.
    private func byteCount(of family: Int) -> Int {
        let samples = runs.reduce(0) { $0 + $1.blocks[family].bytes.count }
        return samples == 0 ? 0 : headers[family].bytes.count + samples
    }

    private func hasBlocks(of other: RenderedSection, in families: Range<Int>) -> Bool {
        runs.count == other.runs.count
            && families.allSatisfy { family in
                runs.indices.allSatisfy { runs[$0].blocks[family].isEqual(to: other.runs[$0].blocks[family]) }
            }
    }

    /// Copies the blocks of some families into a chunk, whose slices they become.
    private mutating func makeChunk(of families: Range<Int>) -> Chunk {
        var chunk = Chunk(families: families)
        let written = families.filter { byteCount(of: $0) > 0 }
        chunk.bytes.reserveCapacity(written.reduce(0) { $0 + byteCount(of: $1) })
        for family in written {
            for block in [headers[family]] + runs.lazy.map({ $0.blocks[family] }) {
                chunk.bytes += block.bytes
                chunk.checksum.append(block.checksum)
            }
        }
        var end = 0
        for family in written {
            end += headers[family].bytes.count
            for run in runs.indices {
                let start = end
                end += runs[run].blocks[family].bytes.count
                runs[run].blocks[family].bytes = chunk.bytes[start..<end]
            }
        }
        return chunk
    }
}
