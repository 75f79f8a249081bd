// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses bytes, as they come, into one raw deflate piece.
package struct Deflater: ~Copyable {
    /// How far back repetitions are found, which decides what a compressor costs before its first byte.
    package enum Window: Sendable {
        /// 32 KB back, 270 KB of memory: for a page.
        case large
        /// 4 KB back, 30 KB of memory: for a few lines per scrape.
        case small
    }

    /// zlib remembers where its stream stands, so the stream lives in storage of its own that never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Where zlib writes; becomes a chunk when it is full.
    private let output: UnsafeMutableBufferPointer<UInt8>
    private var chunks: [[UInt8]] = []
    private var checksum: UInt = 0
    private var length = 0

    /// Opens a compressor.
    ///
    /// - Parameters:
    ///   - level: 1, the fastest, to 9, the smallest.
    ///   - window: the memory to spend.
    package init(level: Int = 1, window: Window = .large) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: window.chunkSize)
        let status = deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            -window.bits,
            window.memoryLevel,
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
    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { input in
            checksum = crc32_z(checksum, input.baseAddress, input.count)
            length += input.count
            // zlib only reads from here; its header lacks the `const` unless asked for.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            deflate(Z_NO_FLUSH)
        }
    }

    /// Ends the piece on a byte boundary, with nothing left in the window.
    package consuming func finish() -> DeflatePiece {
        deflate(Z_FULL_FLUSH)
        takeOutput()
        return DeflatePiece(chunks: chunks, checksum: UInt32(truncatingIfNeeded: checksum), length: length)
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
        emptyOutput()
    }

    private func emptyOutput() {
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
    }
}

extension Deflater.Window {
    fileprivate var bits: Int32 { self == .large ? 15 : 12 }
    fileprivate var memoryLevel: Int32 { self == .large ? 8 : 5 }
    fileprivate var chunkSize: Int { self == .large ? 256 << 10 : 4 << 10 }
}
