// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization
import TestSupport
import Testing

/// Clients that are slow, idle or too many do not affect others.
@Suite(.timeLimit(.minutes(30))) struct ConnectionLimitsTests {
    /// A body beyond what the sockets' buffers hold.
    static let large = [UInt8](repeating: 7, count: 20_000_000)

    /// Answers `/large` with many bytes, the rest with few.
    private static func handler(_ request: Request) -> Server.HandlerResult {
        .response(request.path == "/large" ? Response(body: [large, large]) : .text("fine"))
    }

    @Test("serves others beside a thousand idle connections, or as many as the process may open")
    func idle() async throws {
        let count = affordableConnections(1000)
        try await serving(configured { $0.maxConnections = count + 100 }, handler: Self.handler) { address in
            let idle = try (0..<count).map { _ in try RawClient(address) }
            let client = try RawClient(address)
            #expect(client.get("/")?.text == "fine")
            #expect(idle.last?.get("/")?.text == "fine")
        }
    }

    @Test("serves others beside clients that read slowly, stop in mid-request or vanish")
    func slow() async throws {
        try await serving(configured { $0.threads = 1 }, handler: Self.handler) { address in
            let slow = try (0..<20).map { _ in try RawClient(address, receiveBuffer: 4096) }
            slow.forEach { $0.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n") }
            let halfway = try (0..<20).map { _ in try RawClient(address) }
            halfway.forEach { $0.send("GET /large HTTP/1.1\r\nHo") }
            for _ in 0..<20 { try RawClient(address).send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n") }
            let client = try RawClient(address)
            for _ in 0..<100 { #expect(client.get("/")?.text == "fine") }
            #expect(slow[0].read(atMost: 1)?.count == 1)
            halfway[0].send("st: a\r\n\r\n")
            #expect(halfway[0].response()?.body == Self.large + Self.large)
        }
    }

    @Test("answers 503 beyond the limit of requests, and serves again below it")
    func overload() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        try await serving(configured { $0.maxRequests = 2 }) { request in
            guard request.path == "/late" else { return .response(.text("now")) }
            return .deferred {
                for await _ in gate.stream {}
                return .response(.text("late"))
            }
        } _: { address in
            let clients = try (0..<3).map { _ in try RawClient(address) }
            clients[0].send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
            clients[1].send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
            var refused = clients[2].get("/")
            while refused?.status == 200 { refused = clients[2].get("/") }
            #expect(refused?.status == 503)
            #expect(refused?.text == "Limit of concurrent requests reached (2), try again later.\n")
            gate.continuation.finish()
            #expect(clients[0].response()?.text == "late")
            #expect(clients[1].response()?.text == "late")
            // The answer is there a moment before its place is free.
            while clients[2].get("/")?.status != 200 {}
            #expect(clients[0].get("/late")?.text == "late")
        }
    }

    @Test("beyond the limit of connections, accepts a new client and closes the connection idle for longest")
    func connections() async throws {
        try await serving(configured { ($0.maxConnections, $0.threads) = (3, 1) }, handler: Self.handler) { address in
            let open = try (0..<2).map { _ in try RawClient(address) }
            #expect(open.map { $0.get("/")?.text } == ["fine", "fine"])
            #expect(open[0].get("/")?.text == "fine")
            let latest = try RawClient(address)
            #expect(latest.get("/")?.text == "fine")
            #expect(open[1].seesEnd())
            #expect(open[0].get("/")?.text == "fine")
        }
    }

    @Test("accepts a new client while more connections are opened than the limit allows")
    func manyConnections() async throws {
        let count = affordableConnections(100)
        try await serving(configured { ($0.maxConnections, $0.threads) = (10, 2) }, handler: Self.handler) { address in
            for _ in 0..<10 {
                let others = try (0..<count).map { _ in try RawClient(address) }
                #expect(try RawClient(address).get("/")?.text == "fine")
                #expect(others.count == count)
            }
        }
    }

    @Test("beyond the limit of requests, closes the connection of the client that has been reading longest")
    func readers() async throws {
        try await serving(configured { $0.maxRequests = 2 }, handler: Self.handler) { address in
            let readers = try (0..<2).map { _ in try RawClient(address, receiveBuffer: 4096) }
            for reader in readers {
                reader.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(reader.read(atMost: 1)?.count == 1)
            }
            for _ in 0..<10 {
                let client = try RawClient(address)
                #expect(client.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?.text == "fine")
                // The answer is there a moment before its place is free, the end of the connection after it.
                #expect(client.seesEnd())
            }
            #expect(readers[0].seesHangup())
            #expect(readers[1].response()?.body.count == 2 * Self.large.count)
        }
    }

    @Test("closes a connection that is idle, late with its head, with its body, or with reading")
    func deadlines() async throws {
        let starts = [
            "", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na",
            "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ]
        let strict = configured {
            $0.requestTimeout = .milliseconds(50)
            $0.idleTimeout = .milliseconds(50)
            $0.responseTimeout = .milliseconds(50)
        }
        try await serving(strict, handler: Self.handler) { address in
            for start in starts {
                let client = try RawClient(address, receiveBuffer: 4096)
                client.send(start)
                #expect(client.seesHangup(), "\(start)")
            }
        }
    }

    @Test("lets go of every body: sent, broken off, vanished or stopped")
    func memory() async throws {
        let pieces = Mutex([UInt8](repeating: 1, count: 20_000_000))
        let address = pieces.withLock { $0.withUnsafeBytes { $0.baseAddress } }.map(UInt.init(bitPattern:))
        try await serving(configured { $0.stopTimeout = .milliseconds(10) }) { request in
            let response = Response(body: [pieces.withLock { $0 }])
            return .response(request.path == "/aborted" ? response.aborted(.afterBody(100_000)) : response)
        } _: { address in
            #expect(try RawClient(address).get("/")?.body.count == 20_000_000)
            #expect(try RawClient(address).get("/aborted")?.body.count == 100_000)
            try RawClient(address).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let stopped = try RawClient(address)
            stopped.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(stopped.read(atMost: 1)?.count == 1)
        }
        // Writing to an array that something else holds moves it.
        let after = pieces.withLock { $0.withUnsafeMutableBytes { $0.baseAddress } }.map { UInt(bitPattern: $0) }
        #expect(after == address)
    }
}
