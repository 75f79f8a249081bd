// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// What a scrape gets.
package struct Body: Sendable {
    /// The bytes, one chunk behind the other; the chunks are shared with other scrapes.
    package let chunks: [[UInt8]]
    /// How many bytes there are.
    package let byteCount: Int

    /// Joins parts in a coding; a part that is not compressed stands in a gzip body as it is.
    init(_ parts: [Part], _ coding: ContentCoding) {
        chunks =
            switch coding {
            case .identity: parts.flatMap(\.plain)
            case .gzip: GzipMember.splice(parts.map(\.piece))
            }
        byteCount = chunks.reduce(0) { $0 + $1.count }
    }
}

extension Part {
    fileprivate var piece: DeflatePiece {
        switch content {
        case .deflated(let piece): piece
        case .plain(let chunks): DeflatePiece(storing: chunks)
        }
    }

    fileprivate var plain: [[UInt8]] {
        if case .plain(let chunks) = content { chunks } else { [] }
    }
}
