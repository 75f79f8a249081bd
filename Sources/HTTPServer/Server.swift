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

    /// Where the server listens, in the order of the configuration, passed sockets last, with the ports that the system chose.
    package var addresses: [ListenAddress] { sockets.map(\.address) }

    /// Binds the addresses; clients can connect, and wait for `run`.
    ///
    /// - Parameters:
    ///   - configuration: where to listen and what to put up with.
    ///   - handler: called on the server's threads, several at once; the other clients of its thread wait while it runs.
    /// - Throws: what keeps an address from being listened on.
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

    /// Serves until cancelled, once; late answers are cancelled too, the others get the configured time to be sent.
    ///
    /// - Throws: `cannotStart` if the system has no threads or descriptors left.
    package func run() async throws(ServerError) {
        defer { sockets.forEach { $0.close() } }
        let (late, continuation) = AsyncStream.makeStream(of: DeferredResponse.self)
        let reception = ServerContext(configuration, late: continuation, handler: handler)
        var daemons: [MicroHTTPD] = []
        defer { daemons.forEach { $0.stop() } }
        for socket in sockets { daemons.append(try MicroHTTPD(socket, reception: reception)) }
        await wait(reception, late)
    }

    /// Makes late answers and watches the deadlines until cancelled, then waits for the answers under way.
    private func wait(_ reception: ServerContext, _ late: AsyncStream<DeferredResponse>) async {
        let configuration = configuration
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await reception.deadlines.enforce(every: configuration.deadlineInterval) }
                for await answer in late { group.addTask { await answer.finish() } }
            }
            await reception.admission.emptied()
        } onCancel: {
            reception.admission.close()
            Task {
                try? await Task.sleep(for: configuration.stopTimeout)
                reception.admission.abandon()
            }
        }
    }
}

extension Server {
    /// Where a server listens and what it puts up with.
    package struct Configuration: Sendable {
        /// The addresses to listen on; each has its own threads.
        package var addresses: [ListenAddress]
        /// Descriptors of sockets that another process has bound, to be served besides; they are closed at the end.
        package var passedSockets: [Int32] = []
        /// What a new connection is encrypted with, asked when it is opened; without the closure HTTP is plain, and where it
        /// returns nothing no handshake succeeds.
        package var tls: (@Sendable () -> TLSContext?)?
        /// Threads per address.
        package var threads = 2
        /// Open connections, at least one per thread; when all are taken, those that do nothing for longest are cut.
        package var maxConnections = 4096
        /// Bytes kept per connection, of which a request's head may fill nearly all.
        ///
        /// Above 32 KiB libmicrohttpd takes them from the kernel, and gives them back with the connection; below, the
        /// allocator would keep what thousands of connections once filled.
        package var connectionMemory = 36 << 10
        /// Requests answered at once, until their last byte is sent; one more cuts the client that has been reading longest,
        /// or gets 503 if none reads yet.
        package var maxRequests = Int.max
        /// Bytes of a request's body; a longer one gets 413.
        package var maxBodySize = 1 << 20
        /// From opening a connection, or from a request line, to the end of the request.
        package var requestTimeout = Duration.seconds(10)
        /// Between two requests; longer than the five minutes of Prometheus, so that the client closes first.
        package var idleTimeout = Duration.seconds(360)
        /// From the end of a request to the last byte of the answer.
        package var answerTimeout = Duration.seconds(120)
        /// What requests being answered get when the server is stopped.
        package var stopTimeout = Duration.seconds(1)

        /// The defaults for a server on these addresses.
        package init(addresses: [ListenAddress]) {
            self.addresses = addresses
        }

        /// How often the deadlines are looked at: a quarter of the shortest, at most once a second.
        var deadlineInterval: Duration {
            min(.seconds(1), min(requestTimeout, idleTimeout, answerTimeout) / 4)
        }
    }
}
