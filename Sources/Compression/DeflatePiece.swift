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
    package init(storing bytes: [UInt8]) {
        var stored: [UInt8] = []
        stored.reserveCapacity(bytes.count + 5 * (bytes.count / Self.storedBlock + 1))
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = rest.prefix(Self.storedBlock)
            let length = UInt16(block.count)
            // Not the last block, stored; then the length and its complement, least significant byte first.
            stored.append(0)
            for word in [length, ~length] { stored += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)] }
            stored += block
            rest = rest.dropFirst(block.count)
        }
        let checksum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        self.init(chunks: [stored], checksum: UInt32(truncatingIfNeeded: checksum), length: bytes.count)
    }
}
