// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import TestSupport

/// A server on loopback that says, byte for byte, what a test scripts; one thread per connection.
final class ScriptedServer: Sendable {
    /// The port, chosen by the system.
    let port: UInt16
    private let listener: Int32
    private let accepted = Atomic<Int>(0)
    private let open = Mutex<Set<Int32>>([])

    /// Starts a server; the script runs once per connection, which is closed when it returns.
    init(_ script: @escaping @Sendable (Peer) -> Void) throws {
        raiseFileLimit()
        (listener, port) = try listenOnLoopback(backlog: 512)
        Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                accepted.add(1, ordering: .relaxed)
                _ = open.withLock { $0.insert(connection) }
                Thread { [self] in serve(connection, script) }.start()
            }
            close(listener)
        }
        .start()
    }

    /// The URL of the server's root, without the last slash.
    var url: String { "http://127.0.0.1:\(port)" }

    /// The connections accepted so far.
    var connections: Int { accepted.load(ordering: .relaxed) }

    /// Ends the server and all its connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    private func serve(_ connection: Int32, _ script: (Peer) -> Void) {
        script(Peer(socket: connection))
        _ = open.withLock { $0.remove(connection) }
        close(connection)
    }
}

/// Runs a body against a server that ends with it.
func withServer<Result>(
    _ script: @escaping @Sendable (Peer) -> Void,
    _ body: (ScriptedServer) async throws -> Result
) async throws -> Result {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    return try await body(server)
}

/// A listening socket on a free loopback port.
func listenOnLoopback(backlog: Int32) throws -> (socket: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, size) | listen(listener, backlog) | getsockname(listener, $0, &size)
        }
    }
    guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return (listener, UInt16(bigEndian: address.sin_port))
}

/// The address of a loopback port.
func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    return address
}
