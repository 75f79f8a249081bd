// SPDX-License-Identifier: Apache-2.0

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
