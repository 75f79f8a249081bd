// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// What a scrape gets.
package struct Body: Sendable {
    /// The bytes, one chunk behind the other; the chunks are shared with other scrapes.
    package let chunks: [[UInt8]]
    /// How many bytes there are.
    package let byteCount: Int

    /// Joins parts of one coding.
    init(_ parts: [Part]) {
        let pieces = parts.compactMap(\.piece)
        chunks = pieces.isEmpty ? parts.flatMap(\.plain) : GzipMember.splice(pieces)
        byteCount = chunks.reduce(0) { $0 + $1.count }
    }
}

extension Part {
    fileprivate var piece: DeflatePiece? {
        if case .deflated(let piece) = content { piece } else { nil }
    }

    fileprivate var plain: [[UInt8]] {
        if case .plain(let chunks) = content { chunks } else { [] }
    }
}
