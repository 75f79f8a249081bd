// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// The samples of one family for one run of accounts, encoded: the smallest piece of which pages are put together.
struct Block: Sendable {
    /// The bytes in the content coding; once on a page, a slice of one of its chunks.
    var bytes: ArraySlice<UInt8>
    /// The parts of the text that are compressed, and compared with those of the next rendering, on their own.
    let stretches: [Stretch]
    /// Of the text; unused if the coding is `identity`.
    let checksum: Checksum
    let seriesCount: Int

    static let empty = Block(bytes: [], stretches: [], checksum: Checksum(), seriesCount: 0)

    /// Whether both have the same text.
    func isEqual(to other: Block) -> Bool { stretches == other.stretches }
}

/// A part of a block's text of about `Deflater.stretchLength` bytes.
struct Stretch: Sendable, Hashable {
    /// A hash of the text with a key of the process: equal for equal texts, and 64 bits long, so that a change goes
    /// unnoticed about never.
    let fingerprint: Int
    let byteCount: Int
    let checksum: Checksum
}

/// Encodes the blocks of a run one after the other; takes over from the previous rendering what has the same text.
final class BlockEncoder {
    private let coding: ContentCoding
    private let level: Int
    private lazy var deflater = Deflater(level: level)
    /// The blocks of the previous rendering by family.
    private var previous: [Block] = []
    private var blocks: [Block] = []

    // The current block.
    private var stretches: [Stretch] = []
    private var checksum = Checksum()
    /// The encoded bytes; empty as long as they are those of the previous block.
    private var bytes: [UInt8] = []
    private var isUnchanged = true
    /// The number of bytes of the previous block's stretches up to here.
    private var previousOffset = 0

    /// - Parameters:
    ///   - coding: the content coding of the bytes.
    ///   - level: zlib's level of compression.
    init(_ coding: ContentCoding, level: Int = 1) {
        self.coding = coding
        self.level = level
    }

    func start(reusing previous: [Block]) {
        (self.previous, blocks) = (previous, [])
    }

    func finish() -> [Block] {
        defer { (previous, blocks) = ([], []) }
        return blocks
    }

    /// Encodes the next stretch of the current block.
    func append(_ text: Span<UInt8>, fingerprint: Int) {
        let old = previousBlock
        let candidate = stretches.count < old.stretches.count ? old.stretches[stretches.count] : nil
        defer { previousOffset += candidate?.byteCount ?? 0 }
        if let candidate, candidate.fingerprint == fingerprint {
            if !isUnchanged { bytes += old.bytes.dropFirst(previousOffset).prefix(candidate.byteCount) }
            return append(candidate)
        }
        if isUnchanged { bytes = Array(old.bytes.prefix(previousOffset)) }
        isUnchanged = false
        let start = bytes.count
        switch coding {
        case .identity: bytes.append(text)
        case .gzip: bytes += deflater.deflate(text)
        }
        append(
            Stretch(
                fingerprint: fingerprint,
                byteCount: bytes.count - start,
                checksum: coding == .gzip ? Checksum(of: text) : Checksum()
            )
        )
    }

    func endBlock(seriesCount: Int) {
        let old = previousBlock
        if stretches == old.stretches {
            blocks.append(old)
        } else {
            // Unchanged, but not the previous block: that one had more stretches.
            let bytes = isUnchanged ? old.bytes.prefix(previousOffset) : bytes[...]
            blocks.append(Block(bytes: bytes, stretches: stretches, checksum: checksum, seriesCount: seriesCount))
        }
        (stretches, checksum, bytes, isUnchanged, previousOffset) = ([], Checksum(), [], true, 0)
    }

    private var previousBlock: Block { blocks.count < previous.count ? previous[blocks.count] : .empty }

    private func append(_ stretch: Stretch) {
        stretches.append(stretch)
        checksum.append(stretch.checksum)
    }
}
