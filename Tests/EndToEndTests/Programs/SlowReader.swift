// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A client that asks and then does not read the answer.
final class SlowReader {
    private let descriptor: Int32

    /// Connects, sends a request, and waits until the answer has begun to arrive.
    init(_ url: String, _ path: String) throws {
        let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // As little as possible is buffered on this side.
        var size: Int32 = 1024
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        try #require(write(descriptor, request, request.count) == request.count)
        var byte: UInt8 = 0
        try #require(recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 1)
    }

    deinit { close(descriptor) }

    /// Waits until the server has given up; false if it does not.
    func isCut() -> Bool {
        // POLLRDHUP, which glibc shows to GNU programs only.
        var request = pollfd(fd: descriptor, events: 0x2000, revents: 0)
        return poll(&request, 1, 20_000) == 1
    }
}
