// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD

/// The chunks of a body while libmicrohttpd sends them; released with the last byte.
final class ResponseBody: Sendable {
    private let chunks: [[UInt8]]
    private let size: Int
    /// How many bytes are sent before the connection is closed; `size` to send everything.
    private let end: Int

    /// The maximum number of I/O vectors: each takes 16 bytes of a connection's memory, which a large request shares.
    private static let maxVectors = 256
    private static let blockSize = 64 << 10
    /// The size of a TLS record: after each record of a longer vector libmicrohttpd would return to `poll`.
    private static let recordSize = 16 << 10

    init(of response: Response) {
        chunks = response.body.reduce(into: []) { Self.append($1, to: &$0) }
        size = chunks.reduce(0) { $0 + $1.count }
        end = if case .afterBody(let count) = response.abort { min(count, size) } else { size }
    }

    /// Joins short chunks, which is cheaper than to send, and encrypt, each by itself.
    private static func append(_ chunk: [UInt8], to chunks: inout [[UInt8]]) {
        if chunk.isEmpty { return }
        if let last = chunks.indices.last, chunks[last].count + chunk.count <= recordSize {
            chunks[last] += chunk
        } else {
            chunks.append(chunk)
        }
    }

    /// A libmicrohttpd response with this body; `nil` if memory is short.
    func makeNativeResponse() -> OpaquePointer? {
        let owner = Unmanaged.passRetained(self)
        let native = end == size && chunks.count <= Self.maxVectors ? vectorResponse(owner) : copyingResponse(owner)
        if native == nil { owner.release() }
        return native
    }

    /// Sends the chunks from where they are.
    private func vectorResponse(_ owner: Unmanaged<ResponseBody>) -> OpaquePointer? {
        // The addresses outlive the closure because an array's elements do not move as long as nobody writes to it, and
        // nobody can: `chunks` is constant and `owner` keeps it until libmicrohttpd calls `release`.
        let length = chunks.count + size / Self.recordSize <= Self.maxVectors ? Self.recordSize : Int.max
        let vectors = chunks.flatMap { chunk in
            chunk.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: length).map { start in
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(length))
                    return MHD_IoVec(iov_base: part.baseAddress, iov_len: part.count)
                }
            }
        }
        return MHD_create_response_from_iovec(vectors, UInt32(vectors.count), Self.release, owner.toOpaque())
    }

    /// Copies the chunks block by block as the client reads.
    private func copyingResponse(_ owner: Unmanaged<ResponseBody>) -> OpaquePointer? {
        MHD_create_response_from_callback(
            UInt64(size),
            Self.blockSize,
            { context, position, buffer, capacity in
                guard let context, let buffer else { return ResponseBody.endWithError }
                let body = Unmanaged<ResponseBody>.fromOpaque(context).takeUnretainedValue()
                return body.copy(from: Int(position), to: UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
            },
            owner.toOpaque(),
            Self.release
        )
    }

    private static let release: MHD_ContentReaderFreeCallback = { context in
        guard let context else { return }
        Unmanaged<ResponseBody>.fromOpaque(context).release()
    }

    /// `MHD_CONTENT_READER_END_WITH_ERROR`, a macro that Swift does not import: closes the connection.
    private static let endWithError = -2

    /// Fills the buffer with the body from a position on and returns the number of bytes, or `endWithError` at `end`.
    private func copy(from position: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard position < end else { return Self.endWithError }
        let count = min(buffer.count, end - position)
        var (skip, filled) = (position, 0)
        for chunk in chunks where filled < count {
            let part = chunk.dropFirst(skip).prefix(count - filled)
            skip = max(0, skip - chunk.count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: part)
            filled += part.count
        }
        return filled
    }
}
