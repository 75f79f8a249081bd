// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(30))) struct CancellationTests {
    @Test("a task that is already cancelled sends nothing")
    func beforeStart() async throws {
        try await withServer({ $0.answerAll() }) { server in
            let transport = try transport()
            let error = await withTaskGroup(of: TransportError?.self) { group in
                group.cancelAll()
                group.addTask { await transport.failure(of: HTTPRequest(url: server.url)) }
                return await group.next() ?? nil
            }
            #expect(error == .cancelled)
            #expect(server.connections == 0)
        }
    }

    @Test("a request under way ends, and its connection with it")
    func inFlight() async throws {
        let hanging = HangingServer()
        try await withServer(hanging.hang) { server in
            let transport = try transport()
            let task = Task { await transport.failure(of: .untilCancelled(server.url)) }
            await hanging.arrivals(1)
            task.cancel()
            #expect(await task.value == .cancelled)
            await hanging.departures(1)
        }
    }

    @Test("a cancelled request leaves the others alone")
    func neighbours() async throws {
        try await withServer({ $0.answerAll() }) { server in
            let transport = try transport()
            let tasks = (0..<300).map { index in
                Task { (index, await transport.failure(of: HTTPRequest(url: server.url))) }
            }
            for task in tasks[..<150] { task.cancel() }
            for task in tasks {
                let (index, error) = await task.value
                #expect(error == nil || (index < 150 && error == .cancelled))
            }
        }
    }

    @Test("shutting down cancels what is under way and refuses what comes later")
    func shutdown() async throws {
        let hanging = HangingServer()
        try await withServer(hanging.hang) { server in
            let transport = try transport()
            let tasks = (0..<8).map { _ in Task { await transport.failure(of: .untilCancelled(server.url)) } }
            await hanging.arrivals(8)
            await transport.shutdown()
            for task in tasks { #expect(await task.value == .cancelled) }
            await hanging.departures(8)
            #expect(await transport.failure(of: HTTPRequest(url: server.url)) == .cancelled)
            await transport.shutdown()
        }
    }

    @Test("10,000 cancelled requests leave no thread, no descriptor and no memory behind")
    func manyCancelled() async {
        await #expect(processExitsWith: .success) {
            try await CancelledRequests().run(batches: 10)
            let before = try ResourceUsage()
            try await CancelledRequests().run(batches: 150)
            let after = try await ResourceUsage.settled {
                $0.descriptors <= before.descriptors && $0.threads <= before.threads
            }
            #expect(after.descriptors <= before.descriptors)
            #expect(after.threads <= before.threads)
            #expect(after.memory < before.memory + 4096)
        }
    }
}

/// A server that never responds and reports connections and disconnections.
private struct HangingServer: Sendable {
    private let arrived = AsyncStream.makeStream(of: Void.self)
    private let departed = AsyncStream.makeStream(of: Void.self)

    var hang: @Sendable (Peer) -> Void {
        { [arrived, departed] peer in
            guard peer.request() != nil else { return }
            arrived.continuation.yield()
            peer.waitForEnd()
            departed.continuation.yield()
        }
    }

    func arrivals(_ count: Int) async {
        for await _ in arrived.stream.prefix(count) {}
    }

    func departures(_ count: Int) async {
        for await _ in departed.stream.prefix(count) {}
    }
}

/// Requests cancelled at every stage of their life: 64 in a batch, of which 16 get a connection.
private struct CancelledRequests {
    func run(batches: Int) async throws {
        let hanging = HangingServer()
        try await withServer(hanging.hang) { server in
            let transport = try transport()
            for _ in 0..<batches {
                let tasks = requests(to: server, by: transport)
                await hanging.arrivals(16)
                for task in tasks { task.cancel() }
                for task in tasks { #expect(await task.value == .cancelled) }
                await hanging.departures(16)
            }
        }
    }

    /// Starts 64 requests, and 8 more that are cancelled before they begin.
    private func requests(to server: ScriptedServer, by transport: CurlTransport) -> [Task<TransportError?, Never>] {
        let tasks = (0..<72).map { _ in Task { await transport.failure(of: .untilCancelled(server.url)) } }
        for task in tasks[64...] { task.cancel() }
        return tasks
    }
}
