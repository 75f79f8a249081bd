// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(30))) struct ConnectionTests {
    @Test("requests one after the other share one connection")
    func reuse() async throws {
        try await withServer({ $0.answerAll() }) { server in
            let transport = try transport()
            for _ in 0..<100 { _ = try await transport.send(HTTPRequest(url: server.url)) }
            // One connection was seen to be replaced on a loaded machine; without reuse there would be a hundred.
            #expect(server.connections < 5)
        }
    }

    @Test("a connection that the server has closed is replaced without an error")
    func replacement() async throws {
        try await withServer({ $0.answerOnce() }) { server in
            let transport = try transport()
            for _ in 0..<50 { _ = try await transport.send(HTTPRequest(url: server.url)) }
            #expect(server.connections == 50)
        }
    }

    @Test("no more connections than allowed are open, and all requests are served")
    func bound() async throws {
        let open = Gauge()
        let script: @Sendable (Peer) -> Void = { peer in
            open.enter()
            peer.answerAll()
            open.leave()
        }
        try await withServer(script) { server in
            let transport = try transport { $0.maxConnections = 3 }
            let served = try await withThrowingTaskGroup { group in
                for _ in 0..<200 { group.addTask { try await transport.send(HTTPRequest(url: server.url)).status } }
                return try await group.reduce(0) { count, status in count + (status == 200 ? 1 : 0) }
            }
            #expect(served == 200)
            #expect((1...3).contains(open.highest))
        }
    }

    @Test("a stuck host holds up no other")
    func independence() async throws {
        try await withServer({ $0.waitForEnd() }) { stuck in
            try await withServer({ $0.answerAll() }) { server in
                let transport = try transport()
                await withTaskGroup { group in
                    for _ in 0..<10 { group.addTask { _ = await transport.failure(of: HTTPRequest(url: stuck.url)) } }
                    for _ in 0..<10 {
                        let error = await transport.failure(of: HTTPRequest(url: server.url))
                        #expect(error == nil)
                    }
                    group.cancelAll()
                }
            }
        }
    }

    @Test("two transports share nothing")
    func separation() async throws {
        try await withServer({ $0.answerAll() }) { server in
            for _ in 0..<2 { _ = try await transport().send(HTTPRequest(url: server.url)) }
            #expect(server.connections == 2)
        }
    }
}

/// How many are in at once, and how many were at most.
private final class Gauge: Sendable {
    private let state = Mutex((now: 0, highest: 0))

    var highest: Int { state.withLock { $0.highest } }

    func enter() {
        state.withLock { $0 = ($0.now + 1, max($0.highest, $0.now + 1)) }
    }

    func leave() {
        state.withLock { $0.now -= 1 }
    }
}
