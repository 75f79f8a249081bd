// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses bytes, as they come, into one raw deflate piece.
package struct Deflater: ~Copyable {
    /// zlib remembers where its stream stands, so the stream lives in storage of its own that never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Where zlib writes; becomes a chunk when it is full.
    private var output: UnsafeMutableBufferPointer<UInt8>
    private var chunks: [[UInt8]] = []
    private var checksum: UInt = 0
    private var length = 0
    private var compressedLength = 0
    private var room: Int

    /// How many bytes are compressed in one stretch, which later ones do not refer to.
    ///
    /// Where zlib's window moves on, it goes through all of its hash tables. As much as fits into the window of 64 KB
    /// without moving it, and then a new beginning: that takes a quarter of the time away and adds 2 % to a page.
    package static let stretch = 63 << 10

    /// Opens a compressor.
    ///
    /// - Parameter level: 1, the fastest, to 9, the smallest.
    package init(level: Int = 1) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: ChunkSize.next(behind: 0))
        room = Self.stretch
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
        // The parameters are constants and in range: only a lack of memory is left.
        precondition(status == Z_OK, "zlib found no memory")
        // Level 1 takes the first repetition of 8 bytes. Lines that differ in a number repeat far more of the line
        // before: to look for 32 among two candidates makes a page 2 % smaller and 10 % faster.
        if level == 1 { deflateTune(stream, 4, 4, 32, 2) }
        emptyOutput()
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Compresses more bytes.
    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { input in
            checksum = crc32_z(checksum, input.baseAddress, input.count)
            length += input.count
            var rest = input[...]
            while !rest.isEmpty {
                let part = rest.prefix(room)
                compress(UnsafeBufferPointer(rebasing: part))
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// Ends the piece on a byte boundary, with nothing left in the window.
    package consuming func finish() -> DeflatePiece {
        if room < Self.stretch { deflate(Z_FULL_FLUSH) }
        takeOutput()
        return DeflatePiece(chunks: chunks, checksum: UInt32(truncatingIfNeeded: checksum), length: length)
    }

    /// Compresses a part of a stretch, and ends the stretch where it is full.
    private mutating func compress(_ part: UnsafeBufferPointer<UInt8>) {
        // zlib only reads from here; its header lacks the `const` unless asked for.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: part.baseAddress)
        stream.pointee.avail_in = UInt32(part.count)
        room -= part.count
        deflate(room == 0 ? Z_FULL_FLUSH : Z_NO_FLUSH)
        if room == 0 { room = Self.stretch }
    }

    /// Runs zlib until it has room left in the output, which says that it has nothing more to write.
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
        growOutput(to: ChunkSize.next(behind: compressedLength))
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

/// How a body is cut into chunks.
package enum ChunkSize {
    /// The bytes of a first chunk.
    private static let least = 128 << 10

    /// The bytes of a chunk behind so many others.
    ///
    /// Each is a 32nd of what stands before it. So a body of a few megabytes wastes no memory on a chunk half full, and
    /// one of 1 GB still has fewer than the 256 chunks that a server sends without copying them together.
    package static func next(behind count: Int) -> Int { max(least, count / 32) }
}

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
