// SPDX-License-Identifier: Apache-2.0

/// Raw deflate data that can be concatenated with other pieces, and the checksum of its text.
package struct DeflatePiece: Sendable {
    /// The compressed bytes in order.
    package let chunks: [[UInt8]]
    /// Of the uncompressed text.
    package let checksum: Checksum

    package init(chunks: [[UInt8]], checksum: Checksum) {
        self.chunks = chunks
        self.checksum = checksum
    }

    /// Wraps a text uncompressed in stored blocks: for a few lines, which cost more to compress than to send.
    package init(storing text: [UInt8]) {
        var stored: [UInt8] = []
        stored.appendBlocks(of: text)
        self.init(chunks: [stored], checksum: Checksum(of: text.span))
    }
}

extension [UInt8] {
    /// The maximum size in bytes of a stored block (RFC 1951 §3.2.4).
    private static let maxStoredBlock = 65_535

    /// Appends stored blocks, none marked as the last: five bytes of header with the length, then the bytes.
    fileprivate mutating func appendBlocks(of bytes: [UInt8]) {
        reserveCapacity(count + bytes.count + 5 * (bytes.count / Self.maxStoredBlock + 1))
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(Self.maxStoredBlock)
            append(0)
            for length in [UInt16(block.count), ~UInt16(block.count)] {
                append(UInt8(truncatingIfNeeded: length))
                append(UInt8(length >> 8))
            }
            append(contentsOf: block)
            rest = rest.dropFirst(block.count)
        }
    }
}

/// Makes one gzip member (RFC 1952) of deflate pieces.
///
/// Not one member per piece, because curl and browsers stop after the first.
package enum GzipMember {
    /// Deflate, no flags, no modification time, fastest compression, Unix.
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]
    /// An empty block with fixed codes, marked as the last one (RFC 1951 §3.2.3).
    private static let finalBlock: [UInt8] = [3, 0]

    /// Concatenates the pieces between header and trailer; their chunks are shared, not copied.
    package static func splice(_ pieces: [DeflatePiece]) -> [[UInt8]] {
        var checksum = Checksum()
        var chunks = [header]
        for piece in pieces {
            checksum.append(piece.checksum)
            chunks += piece.chunks
        }
        chunks.append(finalBlock + bytes(checksum.value) + bytes(UInt32(truncatingIfNeeded: checksum.length)))
        return chunks
    }

    /// The bytes of a word, least significant first.
    private static func bytes(_ word: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
}
