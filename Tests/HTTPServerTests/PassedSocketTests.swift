// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

/// Sockets that another process has bound, as a service manager passes them on.
@Suite(.timeLimit(.minutes(30))) struct PassedSocketTests {
    private static func server(_ descriptor: Int32) throws -> Server {
        var configuration = Server.Configuration(addresses: [])
        configuration.passedSockets = [descriptor]
        return try Server(configuration) { _ in .response(.text("fine")) }
    }

    @Test(
        "whoever comes between two processes that serve a socket is answered by the second",
        arguments: ["127.0.0.1", "::1"]
    )
    func handover(host: String) async throws {
        let owned = try OwnedSocket(host: host)
        let first = try Self.server(dup(owned.descriptor))
        let address = first.addresses[0]
        guard case .network(host, let port) = address, port != 0 else { throw POSIXError(.EINVAL) }
        try await running(first) {
            let client = try RawClient(address)
            #expect(client.get("/")?.text == "fine")
        }
        let waiting = try RawClient(address)
        let second = try Self.server(dup(owned.descriptor))
        #expect(second.addresses == [address])
        try await running(second) {
            let answer = waiting.get("/")
            #expect(answer?.text == "fine")
        }
    }

    @Test("a socket file that was passed on stays where it is")
    func file() async throws {
        let path = NSTemporaryDirectory() + "passed-\(UUID().uuidString.prefix(8)).sock"
        let owned = try OwnedSocket(path: path)
        for _ in 0..<2 {
            let server = try Self.server(dup(owned.descriptor))
            #expect("\(server.addresses[0])" == "unix://\(path)")
            try await running(server) {
                let client = try RawClient(server.addresses[0])
                #expect(client.get("/")?.text == "fine")
            }
        }
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("refuses a descriptor that nobody can connect to")
    func refuses() throws {
        let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let unbound = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let file = open("/dev/null", O_RDONLY)
        defer { for descriptor in [datagrams, unbound, file] { close(descriptor) } }
        for descriptor in [datagrams, unbound, file, 1_000_000] {
            #expect(throws: ServerError.notListening(descriptor: descriptor)) { try Self.server(descriptor) }
        }
    }
}

/// A listening socket that belongs to the test.
private final class OwnedSocket: Sendable {
    let descriptor: Int32

    /// A free TCP port of an address.
    init(host: String) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "0", &hints, &list) == 0, let info = list?.pointee else { throw POSIXError(.EINVAL) }
        defer { freeaddrinfo(list) }
        descriptor = socket(info.ai_family, info.ai_socktype, 0)
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, 8) == 0 else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
    }

    /// A socket file.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0, listen(descriptor, 8) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    }

    deinit { close(descriptor) }
}
