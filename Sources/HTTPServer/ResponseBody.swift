// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD

/// The pieces of a body while libmicrohttpd sends them: made for each response, gone with the last byte.
final class ResponseBody: Sendable {
    private let pieces: [[UInt8]]
    private let end: Int
    private let size: Int

    /// More pieces than this would not fit beside a large request into a connection's memory: 16 bytes are kept for each.
    private static let mostVectors = 256
    private static let blockSize = 64 << 10
    /// What TLS encrypts at once: behind each record of a longer vector libmicrohttpd goes back to `poll`.
    private static let recordSize = 16 << 10

    /// Holds the pieces; with `end` the connection breaks after that many bytes.
    init(_ pieces: [[UInt8]], end: Int? = nil) {
        self.pieces = pieces.reduce(into: []) { Self.append($1, to: &$0) }
        size = pieces.reduce(0) { $0 + $1.count }
        self.end = min(end ?? size, size)
    }

    /// Joins short pieces into one, which takes less than to send, and to encrypt, each by itself.
    private static func append(_ piece: [UInt8], to pieces: inout [[UInt8]]) {
        if piece.isEmpty { return }
        if let last = pieces.indices.last, pieces[last].count + piece.count <= recordSize {
            pieces[last] += piece
        } else {
            pieces.append(piece)
        }
    }

    /// A response of libmicrohttpd with this body; `nil` if there is no memory.
    func response() -> OpaquePointer? {
        let owner = Unmanaged.passRetained(self)
        let made = end == size && pieces.count <= Self.mostVectors ? vectors(owner) : reader(owner)
        if made == nil { owner.release() }
        return made
    }

    /// Sends the pieces from where they are.
    private func vectors(_ owner: Unmanaged<ResponseBody>) -> OpaquePointer? {
        // The addresses outlive the closure because an array's elements do not move as long as nobody writes to it, and
        // nobody can: `pieces` is constant and `owner` keeps it until libmicrohttpd calls `release`.
        let length = pieces.count + size / Self.recordSize <= Self.mostVectors ? Self.recordSize : Int.max
        let vectors = pieces.flatMap { piece in
            piece.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: length).map { start in
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(length))
                    return MHD_IoVec(iov_base: part.baseAddress, iov_len: part.count)
                }
            }
        }
        return MHD_create_response_from_iovec(vectors, UInt32(vectors.count), Self.release, owner.toOpaque())
    }

    /// Copies the pieces block by block as the client takes them.
    private func reader(_ owner: Unmanaged<ResponseBody>) -> OpaquePointer? {
        MHD_create_response_from_callback(
            UInt64(size),
            Self.blockSize,
            { context, position, buffer, capacity in
                guard let context, let buffer else { return -2 }
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

    /// Fills the buffer with the body from a position on; returns the number of bytes, or -2 to break the connection
    /// (`MHD_CONTENT_READER_END_WITH_ERROR`).
    private func copy(from position: Int, to buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard position < end else { return -2 }
        var skip = position
        var filled = 0
        let room = min(buffer.count, end - position)
        for piece in pieces where filled < room {
            let part = piece.dropFirst(skip).prefix(room - filled)
            skip = max(0, skip - piece.count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: part)
            filled += part.count
        }
        return filled
    }
}
