// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer

/// A client that sends the bytes it is told to: a blocking socket with a deadline for every read.
final class RawClient: Sendable {
    let descriptor: Int32

    /// Connects; `receiveBuffer` makes a client that can take only so much before it reads.
    init(_ address: ListenAddress, receiveBuffer: Int32? = nil) throws {
        switch address {
        case .network(let host, let port): descriptor = try Self.connect(host ?? "127.0.0.1", port, receiveBuffer)
        case .unix(let path, _): descriptor = try Self.connect(path)
        }
        var limit = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The next bytes; empty at the end of the stream, `nil` if the connection was reset or nothing came.
    func read(atMost limit: Int = 1 << 16) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            count = recv(descriptor, buffer.baseAddress, limit, 0)
            filled = max(0, count)
        }
        return count < 0 ? nil : bytes
    }

    /// Reads on until the server has closed or reset the connection; false if it does neither.
    func seesEnd() -> Bool {
        while true {
            guard let part = read() else { return errno == ECONNRESET }
            if part.isEmpty { return true }
        }
    }

    /// Waits until the server has closed the connection, without reading what it sent; false if it does not.
    func seesHangup() -> Bool {
        // POLLRDHUP, which glibc shows to GNU programs only.
        var request = pollfd(fd: descriptor, events: 0x2000, revents: 0)
        return poll(&request, 1, 240_000) == 1
    }

    /// Everything until the server closes.
    func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        while let part = read(), !part.isEmpty { all += part }
        return all
    }

    /// The text until the server closes.
    func textToEnd() -> String {
        String(decoding: readToEnd(), as: UTF8.self)
    }

    /// One response with the body that its Content-Length promises, or as much as came; `nil` if no head came.
    func response(toHead: Bool = false) -> RawResponse? {
        var bytes: [UInt8] = []
        while true {
            if let split = RawResponse.split(bytes) {
                var response = RawResponse(head: split.head, body: split.body)
                let length = toHead ? 0 : response.length
                while response.body.count < length, let part = read(atMost: min(1 << 20, length - response.body.count)),
                    !part.isEmpty
                {
                    response.body += part
                }
                return response
            }
            // One byte at a time, so that nothing of the next response is taken.
            guard let next = read(atMost: 1), !next.isEmpty else { return nil }
            bytes += next
        }
    }

    /// Sends and reads one response.
    func exchange(_ text: String) -> RawResponse? {
        send(text)
        return response(toHead: text.hasPrefix("HEAD "))
    }

    /// Sends `GET` for a path and reads the response.
    func get(_ path: String) -> RawResponse? {
        exchange("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
    }

    private static func connect(_ host: String, _ port: UInt16, _ receiveBuffer: Int32?) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let list else { throw POSIXError(.EINVAL) }
        defer { freeaddrinfo(list) }
        let descriptor = socket(list.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        guard Glibc.connect(descriptor, list.pointee.ai_addr, list.pointee.ai_addrlen) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        return descriptor
    }

    private static func connect(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return descriptor
    }
}

/// A response as it came over the wire.
struct RawResponse {
    let status: Int
    let headers: [(name: String, value: String)]
    var body: [UInt8]

    init(head: String, body: [UInt8]) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
        self.body = body
    }

    subscript(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    var length: Int { self["content-length"].flatMap { Int($0) } ?? 0 }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The head and what follows it, once the head is complete.
    static func split(_ bytes: [UInt8]) -> (head: String, body: [UInt8])? {
        guard bytes.suffix(4) == [13, 10, 13, 10] else { return nil }
        return (String(decoding: bytes, as: UTF8.self), [])
    }
}
