// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import HTTPServer
import Testing

/// Answers requests for as long as `body` runs with the address, `http://127.0.0.1:41234`.
func withServer<Value: Sendable>(
    _ answer: @escaping @Sendable (Request) -> Response,
    _ body: @escaping @Sendable (String) async throws -> Value
) async throws -> Value {
    let address = ListenAddress.network(host: "127.0.0.1", port: 0)
    let server = try Server(.init(addresses: [address])) { .response(answer($0)) }
    let url = "http://\(try #require(server.addresses.first))"
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await server.run()
            return nil
        }
        group.addTask { try await body(url) }
        defer { group.cancelAll() }
        return try #require(try await group.next() ?? nil)
    }
}

/// A client that asks and then does not read the answer.
final class SlowClient {
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
    func isAborted() -> Bool {
        // POLLRDHUP, which glibc shows to GNU programs only.
        var request = pollfd(fd: descriptor, events: 0x2000, revents: 0)
        return poll(&request, 1, 240_000) == 1
    }
}

/// A loopback port that is free now, for programs that cannot choose one themselves.
func freePort() -> UInt16 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            _ = bind(socket, pointer, length)
            _ = getsockname(socket, pointer, &length)
        }
    }
    return UInt16(bigEndian: address.sin_port)
}
