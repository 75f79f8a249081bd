// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPClient
import Testing

/// No test here has another limit than the one that it names: whichever other one acted, the test would not end.
@Suite(.timeLimit(.minutes(30))) struct TimeLimitTests {
    private let long = Duration.seconds(3600)

    @Test("a body that drips for ever ends with the time for the whole exchange")
    func dripping() async throws {
        let script: @Sendable (Peer) -> Void = { peer in
            _ = peer.request()
            peer.send("HTTP/1.1 200 OK\r\n\r\n")
            while peer.send("x") {}
        }
        try await withServer(script) { server in
            let error = try await transport().failure(of: HTTPRequest(url: server.url, timeout: .milliseconds(300)))
            #expect(error == .timedOut)
        }
    }

    @Test("a server that accepts and says nothing ends with the time for the whole exchange")
    func silent() async throws {
        try await withServer({ $0.waitForEnd() }) { server in
            let clock = ContinuousClock()
            let start = clock.now
            let request = HTTPRequest(url: server.url, timeout: .milliseconds(300))
            let error = try await transport().failure(of: request)
            #expect(error == .timedOut)
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test("a connection that is never accepted ends with the time for connecting")
    func unconnected() async throws {
        let hole = try BlackHole()
        let request = HTTPRequest(url: "http://127.0.0.1:\(hole.port)/", timeout: long)
        let transport = try transport { $0.connectTimeout = .milliseconds(200) }
        #expect(await transport.failure(of: request) == .timedOut)
    }

    @Test("connecting never takes longer than the whole exchange may")
    func unconnectedInTotal() async throws {
        let hole = try BlackHole()
        let request = HTTPRequest(url: "http://127.0.0.1:\(hole.port)/", timeout: .milliseconds(200))
        let transport = try transport { $0.connectTimeout = .seconds(3600) }
        #expect(await transport.failure(of: request) == .timedOut)
    }

    @Test("waiting for a connection counts")
    func queued() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let script: @Sendable (Peer) -> Void = { peer in
            _ = peer.request()
            arrival.yield()
            peer.waitForEnd()
        }
        try await withServer(script) { server in
            let transport = try transport { $0.maxConnections = 1 }
            async let first = transport.failure(of: HTTPRequest(url: server.url, timeout: long))
            for await _ in arrivals.prefix(1) {}
            let second = HTTPRequest(url: server.url, timeout: .milliseconds(200))
            #expect(await transport.failure(of: second) == .timedOut)
            #expect(server.connections == 1)
            await transport.shutdown()
            #expect(await first == .cancelled)
        }
    }

    @Test(
        "no time at all is over at once, however it is put",
        arguments: [Duration.zero, .seconds(-1), .nanoseconds(1)]
    )
    func none(timeout: Duration) async throws {
        try await withServer({ $0.waitForEnd() }) { server in
            let error = try await transport().failure(of: HTTPRequest(url: server.url, timeout: timeout))
            #expect(error == .timedOut)
        }
    }

    @Test("more time than there is does no harm")
    func huge() async throws {
        try await withServer({ $0.answerAll() }) { server in
            let transport = try transport { $0.connectTimeout = .seconds(Int64.max) }
            let response = try await transport.send(HTTPRequest(url: server.url, timeout: .seconds(Int64.max)))
            #expect(response.status == 200)
        }
    }
}

/// A port whose queue of connections is full: whoever connects waits for ever.
private struct BlackHole: ~Copyable {
    let port: UInt16
    private let listener: Int32
    private var clients: [Int32] = []

    init() throws {
        (listener, port) = try listenOnLoopback(backlog: 0)
        for _ in 0..<4 { clients.append(connectWithoutWaiting(port)) }
    }

    deinit {
        for descriptor in clients + [listener] { close(descriptor) }
    }
}

private func connectWithoutWaiting(_ port: UInt16) -> Int32 {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = loopback(port)
    withUnsafePointer(to: &address) {
        _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    return client
}
