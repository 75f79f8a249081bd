// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

/// The addresses that a server can listen on, and the errors for others.
@Suite(.timeLimit(.minutes(30))) struct ListeningSocketTests {
    private static func server(_ addresses: ListenAddress...) throws(ServerError) -> Server {
        try Server(.init(addresses: addresses)) { _ in .response(.text("fine")) }
    }

    private static func temporaryPath() -> String {
        NSTemporaryDirectory() + "server-\(UUID().uuidString.prefix(8)).sock"
    }

    @Test("serves both families of every interface under one free port", arguments: ["127.0.0.1", "::1"])
    func everyInterface(host: String) async throws {
        let any = configured { $0.addresses = [.network(host: nil, port: 0)] }
        try await serving(any) { _ in
            .response(.text("fine"))
        } _: { address in
            guard case .network(nil, let port) = address else { throw POSIXError(.EINVAL) }
            let client = try RawClient(.network(host: host, port: port))
            #expect(client.get("/")?.text == "fine")
        }
    }

    @Test("serves several addresses at once")
    func several() async throws {
        let path = Self.temporaryPath()
        let server = try Self.server(loopback, .network(host: "::1", port: 0), .unix(path: path, mode: 0o600))
        #expect(Set(server.addresses).count == 3)
        try await running(server) {
            for address in server.addresses {
                let client = try RawClient(address)
                #expect(client.get("/")?.text == "fine")
                #expect(client.get("/")?.text == "fine")
            }
        }
    }

    @Test("gives a socket file its mode and removes it at the end", arguments: [0o600, 0o666] as [UInt32])
    func socketFile(mode: UInt32) async throws {
        let path = Self.temporaryPath()
        try await running(try Self.server(.unix(path: path, mode: mode))) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? UInt32 == mode)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("replaces a socket file left behind, but neither one in use nor another file")
    func staleFile() throws {
        let path = Self.temporaryPath()
        let address = ListenAddress.unix(path: path, mode: 0o600)
        try withExtendedLifetime(Self.server(address)) { _ in
            #expect(throws: ServerError.addressInUse(address)) { try Self.server(address) }
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        }
        try FileManager.default.moveItem(atPath: path + ".old", toPath: path)
        _ = try Self.server(address)

        try Data().write(to: URL(filePath: path))
        #expect(throws: ServerError.cannotListen(address, code: EEXIST)) { try Self.server(address) }
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("names an address that is in use")
    func inUse() throws {
        let first = try Self.server(loopback)
        let address = first.addresses[0]
        #expect(throws: ServerError.addressInUse(address)) { try Self.server(address) }
        #expect("\(ServerError.addressInUse(address))".hasPrefix("cannot listen on \(address): it is in use"))
    }

    @Test("releases the address when the server has gone")
    func released() async throws {
        let address: ListenAddress
        do {
            let server = try Self.server(loopback)
            address = server.addresses[0]
            try await running(server) { _ = try RawClient(address).get("/") }
            #expect(throws: POSIXError.self) { try RawClient(address) }
        }
        _ = try Self.server(address)
    }

    @Test("says what is wrong with an address that cannot be")
    func impossible() throws {
        #expect(throws: ServerError.self) { try Self.server(.network(host: "192.0.2.1", port: 0)) }
        #expect(throws: ServerError.self) { try Self.server(.network(host: "no.such.host.invalid", port: 0)) }
        let absent = ListenAddress.unix(path: "/no/such/directory/x.sock", mode: 0o600)
        #expect(throws: ServerError.cannotListen(absent, code: ENOENT)) { try Self.server(absent) }
        let long = ListenAddress.unix(path: "/" + String(repeating: "x", count: 200), mode: 0o600)
        #expect(throws: ServerError.cannotListen(long, code: ENAMETOOLONG)) { try Self.server(long) }
    }
}
