// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// A gzip body that is damaged, truncated or more than one member.
package struct GunzipError: Error {
    /// The status of zlib's last `inflate`.
    package let status: Int32
    /// Bytes after the first member, which curl and browsers ignore.
    package let trailingBytes: Int
}

/// Decompresses a gzip body of exactly one member; zlib checks its CRC and length.
///
/// - Throws: `GunzipError`.
package func gunzip(_ chunks: [[UInt8]]) throws -> [UInt8] {
    var input = Array(chunks.joined())
    var stream = z_stream()
    return try withUnsafeMutablePointer(to: &stream) { stream in
        inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(stream) }
        return try input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            return try inflateAll(stream)
        }
    }
}

private func inflateAll(_ stream: UnsafeMutablePointer<z_stream>) throws -> [UInt8] {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var status = Z_OK
    while status == Z_OK {
        buffer.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = UInt32(buffer.count)
            status = inflate(stream, Z_NO_FLUSH)
        }
        output += buffer[..<(buffer.count - Int(stream.pointee.avail_out))]
    }
    guard status == Z_STREAM_END, stream.pointee.avail_in == 0 else {
        throw GunzipError(status: status, trailingBytes: Int(stream.pointee.avail_in))
    }
    return output
}
