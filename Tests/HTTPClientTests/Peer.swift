// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The client as a scripted server sees it.
struct Peer: Sendable {
    let socket: Int32

    /// The next request's head and body, or `nil` at the end of the connection.
    func request() -> (head: String, body: [UInt8])? {
        var bytes: [UInt8] = []
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                guard bytes.count < end + length(in: head) else { return (head, Array(bytes[end...])) }
            }
            guard let more = read() else { return nil }
            bytes += more
        }
    }

    /// What arrives next, or `nil` at the end of the connection.
    func read() -> [UInt8]? {
        let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = max(0, recv(socket, buffer.baseAddress, buffer.count, 0))
        }
        return chunk.isEmpty ? nil : chunk
    }

    /// Waits for the client to close.
    func waitForEnd() {
        while read() != nil {}
    }

    /// Sends bytes; says whether the client is still there.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends a text; says whether the client is still there.
    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Sends a complete answer.
    func answer(_ status: String = "200 OK", _ fields: [String] = [], _ body: [UInt8] = []) {
        let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.count)", "", ""]
        send(Array(head.joined(separator: "\r\n").utf8) + body)
    }

    /// Reads one request and answers it.
    func answerOnce(_ status: String = "200 OK", _ fields: [String] = [], _ body: [UInt8] = []) {
        if request() != nil { answer(status, fields, body) }
    }

    /// Answers every request of the connection alike.
    func answerAll(_ body: String = "ok") {
        while request() != nil { answer("200 OK", [], Array(body.utf8)) }
    }

    /// Sends every request of the connection back.
    func echo() {
        while let request = request() { answer("200 OK", [], Array(request.head.utf8) + request.body) }
    }

    /// Closes with a reset, as a crashed server does.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    private func length(in head: String) -> Int {
        let field = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        return field.flatMap { Int($0.drop { $0 != " " }.dropFirst()) } ?? 0
    }
}
