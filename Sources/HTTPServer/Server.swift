// SPDX-License-Identifier: Apache-2.0

/// An HTTP/1.1 server.
///
/// ```swift
/// let server = try Server(.init(addresses: [.network(host: nil, port: 10447)])) { request in
///     .response(.text("You asked for \(request.path).\n"))
/// }
/// try await server.run()
/// ```
package final class Server: Sendable {
    private let configuration: Configuration
    private let handler: @Sendable (Request) -> HandlerResult
    private let sockets: [ListeningSocket]

    /// The bound addresses in the order of the configuration, passed sockets last, with the ports that the system chose.
    package var addresses: [ListenAddress] { sockets.map(\.address) }

    /// Binds the addresses; clients can connect, but are served by `run` only.
    ///
    /// - Parameters:
    ///   - configuration: addresses and limits.
    ///   - handler: called on the server's threads, concurrently; blocks the other clients of its thread while it runs.
    /// - Throws: `ServerError` for the first address that cannot be bound.
    package init(
        _ configuration: Configuration,
        handler: @escaping @Sendable (Request) -> HandlerResult
    ) throws(ServerError) {
        self.configuration = configuration
        self.handler = handler
        var sockets: [ListeningSocket] = []
        for address in configuration.addresses { sockets.append(try ListeningSocket(address)) }
        for descriptor in configuration.passedSockets { sockets.append(try ListeningSocket(passed: descriptor)) }
        self.sockets = sockets
    }

    /// Serves until cancelled; can be called once.
    ///
    /// Deferred responses are cancelled too; the responses in progress then get `stopTimeout` to be sent.
    ///
    /// - Throws: `cannotStart` if the system is out of threads or descriptors.
    package func run() async throws(ServerError) {
        defer { sockets.forEach { $0.close() } }
        let (deferred, continuation) = AsyncStream.makeStream(of: DeferredResponse.self)
        let context = ServerContext(configuration, deferred: continuation, handler: handler)
        var daemons: [MicroHTTPD] = []
        defer { daemons.forEach { $0.stop() } }
        for socket in sockets { daemons.append(try MicroHTTPD(socket, context: context)) }
        await serve(deferred, in: context)
    }

    /// Makes deferred responses and enforces the deadlines until cancelled, then waits for the responses in progress.
    private func serve(_ deferred: AsyncStream<DeferredResponse>, in context: ServerContext) async {
        let configuration = configuration
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await context.deadlines.enforce(every: configuration.deadlineInterval) }
                for await response in deferred { group.addTask { await response.run() } }
            }
            await context.limiter.drain()
        } onCancel: {
            context.limiter.close()
            Task {
                try? await Task.sleep(for: configuration.stopTimeout)
                context.limiter.stopWaiting()
            }
        }
    }
}

extension Server {
    package struct Configuration: Sendable {
        package var addresses: [ListenAddress]
        /// Descriptors of further sockets, bound by another process; the server closes them when it ends.
        package var passedSockets: [Int32] = []
        /// Returns the TLS context for a new connection, or `nil` to fail its handshake; without the closure HTTP is plain.
        package var tls: (@Sendable () -> TLSContext?)?
        package var threads = 2
        /// The maximum number of open connections of all addresses, at least one per thread; when it is reached, the longest
        /// idle ones are aborted.
        package var maxConnections = 4096
        /// Bytes of memory per connection, nearly all of which a request's head may fill.
        ///
        /// Above 32 KiB libmicrohttpd maps them, and unmaps them with the connection; below, the allocator would keep the
        /// memory that thousands of connections once used.
        package var connectionMemory = 36 << 10
        /// The maximum number of requests in progress, until the last byte of their responses.
        ///
        /// One more aborts the response longest in transmission, or gets 503 if none is in transmission.
        package var maxRequests = Int.max
        /// The maximum size of a request's body in bytes; a longer one gets 413.
        package var maxBodySize = 1 << 20
        /// Called with each response of the server's own, to a request that no handler sees; returns what is sent.
        package var ownResponse: @Sendable (Response) -> Response = { $0 }
        /// The maximum time from opening a connection, or from a request line, to the end of the request.
        package var requestTimeout = Duration.seconds(10)
        /// The maximum time between two requests; longer than Prometheus's five minutes, so that the client closes first.
        package var idleTimeout = Duration.seconds(360)
        /// The maximum time from the end of a request to the last byte of the response.
        package var responseTimeout = Duration.seconds(120)
        /// The maximum time for responses in progress after the server was told to stop.
        package var stopTimeout = Duration.seconds(1)

        package init(addresses: [ListenAddress]) {
            self.addresses = addresses
        }

        /// How often the deadlines are enforced: every quarter of the shortest timeout, at most every second.
        var deadlineInterval: Duration {
            min(.seconds(1), min(requestTimeout, idleTimeout, responseTimeout) / 4)
        }
    }
}
