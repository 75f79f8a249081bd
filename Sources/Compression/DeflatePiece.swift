// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// A stretch of raw deflate data that ends on a byte boundary and refers to nothing before it, so that pieces made at
/// different times can stand one behind the other in any order.
package struct DeflatePiece: Sendable {
    /// The compressed bytes, one chunk behind the other.
    package let chunks: [[UInt8]]
    /// The CRC-32 of the uncompressed bytes.
    package let checksum: UInt32
    /// How many bytes this is when uncompressed.
    package let length: Int

    /// How many compressed bytes there are.
    package var byteCount: Int { chunks.reduce(0) { $0 + $1.count } }
}

extension DeflatePiece {
    /// The most bytes a stored block holds (RFC 1951 §3.2.4).
    private static let storedBlock = 65_535

    /// Bytes as they are, in stored blocks: for a few lines, which cost more to compress than to send.
    package init(storing chunks: [[UInt8]]) {
        var stored: [UInt8] = []
        var checksum: UInt = 0
        for chunk in chunks {
            stored.reserveCapacity(stored.count + chunk.count + 5 * (chunk.count / Self.storedBlock + 1))
            stored.appendBlocks(of: chunk, size: Self.storedBlock)
            checksum = chunk.withUnsafeBufferPointer { crc32_z(checksum, $0.baseAddress, $0.count) }
        }
        self.init(
            chunks: [stored],
            checksum: UInt32(truncatingIfNeeded: checksum),
            length: chunks.reduce(0) { $0 + $1.count }
        )
    }
}

extension [UInt8] {
    /// Appends blocks that are not the last and stored: five bytes that say so and how long they are, then the bytes.
    fileprivate mutating func appendBlocks(of bytes: [UInt8], size: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(size)
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
