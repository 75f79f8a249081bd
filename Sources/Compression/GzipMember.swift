// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// One gzip member (RFC 1952) spliced from deflate pieces.
///
/// It is one member and not one per piece because curl and browsers stop reading after the first member.
package enum GzipMember {
    /// Deflate, no flags, no time of change, fastest compression, Unix.
    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]
    /// An empty block with fixed codes, marked as the last one (RFC 1951 §3.2.3).
    private static let finalBlock: [UInt8] = [3, 0]

    /// Puts a frame around the pieces; their chunks are shared, not copied.
    package static func splice(_ pieces: [DeflatePiece]) -> [[UInt8]] {
        var checksum: UInt = 0
        var length = 0
        var chunks = [header]
        for piece in pieces {
            checksum = crc32_combine(checksum, UInt(piece.checksum), piece.length)
            length += piece.length
            chunks += piece.chunks
        }
        chunks.append(finalBlock + bytes(checksum) + bytes(UInt(length)))
        return chunks
    }

    /// The lower 32 bits, least significant byte first.
    private static func bytes(_ word: UInt) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
}
