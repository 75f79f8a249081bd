// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses a stream of bytes into raw deflate data (RFC 1951).
package struct Deflater: ~Copyable {
    /// Allocated, because zlib keeps pointers into its stream.
    private let stream: UnsafeMutablePointer<z_stream>
    /// zlib's output; becomes a chunk when it is full.
    private var output: UnsafeMutableBufferPointer<UInt8>
    private var chunks: [[UInt8]] = []
    private var checksum: UInt = 0
    private var length = 0
    private var compressedLength = 0
    /// The number of bytes left in the current block.
    private var remaining: Int

    /// The number of bytes that are compressed together; later blocks do not refer to them.
    ///
    /// As much as fits into zlib's window of 64 KiB: whenever the window slides, zlib updates all of its hash tables.
    /// Starting anew instead saves a quarter of the time and adds 2 % to a page.
    package static let blockSize = 63 << 10

    /// - Parameter level: zlib's level, 1 (fastest) to 9 (smallest).
    package init(level: Int = 1) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: ChunkSize.next(after: 0))
        remaining = Self.blockSize
        let status = deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            -MAX_WBITS,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        // The parameters are valid, so the only possible error is a lack of memory.
        precondition(status == Z_OK, "zlib found no memory")
        // Level 1 is content with a match of 8 bytes, but a line matches most of the line before it: searching up to two
        // candidates for a match of 32 bytes makes a page 2 % smaller and 10 % faster.
        if level == 1 { deflateTune(stream, 4, 4, 32, 2) }
        emptyOutput()
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { input in
            checksum = crc32_z(checksum, input.baseAddress, input.count)
            length += input.count
            var rest = input[...]
            while !rest.isEmpty {
                let part = rest.prefix(remaining)
                compress(UnsafeBufferPointer(rebasing: part))
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// Ends the data on a byte boundary, so that nothing after it refers to it.
    package consuming func finish() -> DeflatePiece {
        if remaining < Self.blockSize { deflate(Z_FULL_FLUSH) }
        takeOutput()
        return DeflatePiece(chunks: chunks, checksum: UInt32(truncatingIfNeeded: checksum), length: length)
    }

    /// Compresses a part of a block, and ends the block when it is full.
    private mutating func compress(_ part: UnsafeBufferPointer<UInt8>) {
        // zlib only reads, but its header lacks the `const`.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: part.baseAddress)
        stream.pointee.avail_in = UInt32(part.count)
        remaining -= part.count
        deflate(remaining == 0 ? Z_FULL_FLUSH : Z_NO_FLUSH)
        if remaining == 0 { remaining = Self.blockSize }
    }

    /// Runs zlib until it leaves output space unused, which says that it has nothing more to write.
    private mutating func deflate(_ flush: Int32) {
        repeat {
            if stream.pointee.avail_out == 0 { takeOutput() }
            CZlib.deflate(stream, flush)
        } while stream.pointee.avail_out == 0
    }

    private mutating func takeOutput() {
        let written = output.count - Int(stream.pointee.avail_out)
        if written > 0 { chunks.append(Array(output[..<written])) }
        compressedLength += written
        growOutput(to: ChunkSize.next(after: compressedLength))
        emptyOutput()
    }

    private mutating func growOutput(to size: Int) {
        guard size > output.count else { return }
        output.deallocate()
        output = .allocate(capacity: size)
    }

    private func emptyOutput() {
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
    }
}

/// The sizes of a body's chunks.
package enum ChunkSize {
    /// In bytes.
    private static let minimum = 128 << 10

    /// The size in bytes of a chunk after `count` bytes.
    ///
    /// Each is a 32nd of what precedes it: a body of a few megabytes wastes little memory on its last chunk, and one of 1 GB
    /// has fewer than the 256 chunks that the server sends without copying.
    package static func next(after count: Int) -> Int { max(minimum, count / 32) }
}

/// Raw deflate data that ends on a byte boundary and refers to nothing before it, so that pieces can be concatenated in any
/// order.
package struct DeflatePiece: Sendable {
    /// The compressed bytes in order.
    package let chunks: [[UInt8]]
    /// The CRC-32 of the uncompressed bytes.
    package let checksum: UInt32
    /// The number of uncompressed bytes.
    package let length: Int

    /// The number of compressed bytes.
    package var byteCount: Int { chunks.reduce(0) { $0 + $1.count } }
}

extension DeflatePiece {
    /// The maximum size in bytes of a stored block (RFC 1951 §3.2.4).
    private static let maxStoredBlock = 65_535

    /// Wraps bytes uncompressed in stored blocks: for a few lines, which cost more to compress than to send.
    package init(storing chunks: [[UInt8]]) {
        var stored: [UInt8] = []
        var checksum: UInt = 0
        for chunk in chunks {
            stored.reserveCapacity(stored.count + chunk.count + 5 * (chunk.count / Self.maxStoredBlock + 1))
            stored.appendBlocks(of: chunk, size: Self.maxStoredBlock)
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
    /// Appends stored blocks, none marked as the last: five bytes of header with the length, then the bytes.
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
