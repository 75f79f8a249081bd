// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Compresses texts into raw deflate data (RFC 1951) that ends on a byte boundary and refers to nothing before it, so that
/// the results can be concatenated in any order.
package final class Deflater {
    /// Allocated, because zlib keeps pointers into its stream.
    private let stream: UnsafeMutablePointer<z_stream>
    /// zlib's output; grows with the texts.
    private var output: UnsafeMutableBufferPointer<UInt8>

    /// The number of bytes that are best compressed together.
    ///
    /// As much as fits into zlib's window of 64 KiB: whenever the window slides, zlib updates all of its hash tables.
    /// Starting anew instead saves a quarter of the time and adds 2 % to a page.
    package static let stretchLength = 63 << 10

    /// - Parameter level: zlib's level, 1 (fastest) to 9 (smallest).
    package init(level: Int = 1) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: Self.stretchLength)
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
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// Compresses a text of less than 4 GiB.
    package func deflate(_ text: Span<UInt8>) -> [UInt8] {
        guard !text.isEmpty else { return [] }
        // `deflateBound` does not count the empty block of the flush.
        reserveOutput(Int(deflateBound(stream, UInt(text.count))) + 16)
        return text.withUnsafeBufferPointer { input in
            // zlib only reads, but its header lacks the `const`.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            CZlib.deflate(stream, Z_FULL_FLUSH)
            return Array(output[..<(output.count - Int(stream.pointee.avail_out))])
        }
    }

    private func reserveOutput(_ size: Int) {
        guard size > output.count else { return }
        output.deallocate()
        output = .allocate(capacity: size)
    }
}

/// The CRC-32 and the length of a text, of which those of concatenated texts can be computed.
package struct Checksum: Sendable, Hashable {
    package private(set) var value: UInt32 = 0
    package private(set) var length = 0
    /// zlib's operator for what comes before this text: a power of x in the field of the CRC.
    ///
    /// Kept, because computing it costs ten times as much as applying it.
    private var shift = Self.operator(length: 0)

    package init() {}

    package init(of text: Span<UInt8>) {
        value = text.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
        length = text.count
        shift = Self.operator(length: length)
    }

    package mutating func append(_ next: Checksum) {
        value = Self.apply(next.shift, to: value) ^ next.value
        shift = Self.apply(next.shift, to: shift)
        length += next.length
    }

    private static func `operator`(length: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine_gen(length))
    }

    /// The product in the field of the CRC.
    private static func apply(_ shift: UInt32, to value: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine_op(UInt(value), 0, UInt(shift)))
    }
}
