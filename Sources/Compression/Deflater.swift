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
