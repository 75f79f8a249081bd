// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization
import Testing

/// How a server stops.
@Suite(.timeLimit(.minutes(30))) struct ShutdownTests {
    /// Runs a server until the handler has been called, then cancels it while `during` goes on with the client.
    @discardableResult
    private static func stopping(
        after stopTimeout: Duration,
        answer: Server.HandlerResult,
        _ during: @escaping @Sendable (RawClient) -> Void = { _ in }
    ) async throws -> RawClient {
        let called = AsyncStream.makeStream(of: Void.self)
        let server = try Server(configured { $0.stopTimeout = stopTimeout }) { _ in
            called.continuation.finish()
            return answer
        }
        let client = try RawClient(server.addresses[0])
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            for await _ in called.stream {}
            group.cancelAll()
            group.addTask { try await onThread { during(client) } }
            try await group.waitForAll()
        }
        return client
    }

    @Test("cancels deferred responses and sends their results")
    func deferred() async throws {
        let answer = Server.HandlerResult.deferred {
            try? await Task.sleep(for: .seconds(3600))
            return .response(.text("cancelled: \(Task.isCancelled)"))
        }
        try await Self.stopping(after: .seconds(20), answer: answer) { client in
            #expect(client.response()?.text == "cancelled: true")
            #expect(client.seesEnd())
        }
    }

    @Test("lets an answer that is being sent come to its end")
    func grace() async throws {
        try await Self.stopping(after: .seconds(20), answer: .response(Response(body: [ConnectionLimitsTests.large]))) {
            client in
            #expect(client.response()?.body == ConnectionLimitsTests.large)
            #expect(client.seesEnd())
        }
    }

    @Test("breaks an answer off that takes longer than the time given")
    func deadline() async throws {
        let answer = Server.HandlerResult.response(Response(body: [ConnectionLimitsTests.large]))
        let client = try await Self.stopping(after: .milliseconds(20), answer: answer)
        try await onThread { #expect(client.readToEnd().count < ConnectionLimitsTests.large.count) }
    }

    @Test("ends though connections are idle")
    func idle() async throws {
        let client = Mutex<RawClient?>(nil)
        try await serving { _ in
            .response(.text("fine"))
        } _: { address in
            let idle = try RawClient(address)
            #expect(idle.get("/")?.text == "fine")
            client.withLock { $0 = idle }
        }
        try await onThread { #expect(client.withLock { $0 }?.seesEnd() == true) }
    }

    @Test("can end before it has begun")
    func atOnce() async throws {
        let server = try Server(configured()) { _ in .response(.text("fine")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { try await server.run() }
            try await group.waitForAll()
        }
        #expect(throws: (any Error).self) { try RawClient(server.addresses[0]) }
    }
}
