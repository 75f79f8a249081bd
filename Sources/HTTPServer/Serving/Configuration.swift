// SPDX-License-Identifier: Apache-2.0

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
