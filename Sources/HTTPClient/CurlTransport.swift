// SPDX-License-Identifier: Apache-2.0

/// HTTP by libcurl, on a thread of its own that is this actor's executor.
///
/// All that libcurl does happens on that one thread, from the first request to the end of the last connection: there is
/// nothing to lock, and no pointer to hand over. The thread ends with the last reference.
///
/// Proxies are those of the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`), except for loopback
/// hosts, which are asked directly. Redirects are returned, never followed: keys stay with the host they are meant for.
package actor CurlTransport: Transport {
    private let settings: CurlSettings
    private let executor: CurlExecutor
    private var multi: MultiHandle?
    private var transfers: [Int: Transfer] = [:]
    private var lastID = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a transport and starts its thread.
    ///
    /// - Throws: `unreachable` where the system gives no thread, memory or file descriptor.
    package init(_ settings: CurlSettings) throws(TransportError) {
        self.settings = settings
        executor = try CurlExecutor()
        multi = try MultiHandle(connectionsPerHost: settings.connectionsPerHost)
        try executor.start { [weak self] in self?.assumeIsolated { $0.turn() } ?? false }
    }

    isolated deinit {
        multi = nil
        executor.stop()
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        lastID += 1
        let id = lastID
        return try await withTaskCancellationHandler {
            await outcome(of: request, id)
        } onCancel: {
            Task { await self.finish(id, .failure(.cancelled)) }
        }
        .get()
    }

    /// Waits for a request's end.
    ///
    /// A method rather than part of the closure above: a closure that does not use `self` runs beside the actor.
    private func outcome(of request: HTTPRequest, _ id: Int) async -> Transfer.Outcome {
        await withCheckedContinuation { begin(request, id, $0) }
    }

    /// Begins a request, unless its task is cancelled: a later cancellation is a job that runs after this one.
    private func begin(_ request: HTTPRequest, _ id: Int, _ continuation: Transfer.Continuation) {
        do throws(TransportError) {
            guard let multi, !Task.isCancelled else { throw .cancelled }
            let transfer = try Transfer(request, id: id, settings, continuation)
            try multi.add(transfer.easy)
            transfers[id] = transfer
        } catch {
            continuation.resume(returning: .failure(error))
        }
    }

    /// Fails what is under way as cancelled, closes all connections and refuses further requests as cancelled.
    ///
    /// Once it returns, TLS is at rest, and the process may exit without racing its clean-up.
    package func shutdown() {
        for id in transfers.keys { finish(id, .failure(.cancelled)) }
        multi = nil
    }

    /// Moves all transfers as far as they go, then waits for a socket, a time limit or a job.
    ///
    /// - Returns: whether transfers are under way.
    private func turn() -> Bool {
        guard let multi else { return false }
        multi.perform()
        while let (id, code) = multi.nextCompleted() {
            if let transfer = transfers[id] { finish(id, transfer.outcome(code)) }
        }
        expire()
        guard let next = transfers.values.lazy.map(\.deadline).min() else { return false }
        multi.wait(until: next, orFor: executor.bell)
        return true
    }

    /// Fails the transfers whose time is over.
    ///
    /// libcurl's own total limit does not act on a transfer that waits for one of its host's connections.
    private func expire() {
        let now = ContinuousClock.now
        for (id, transfer) in transfers where transfer.deadline <= now { finish(id, .failure(.timedOut)) }
    }

    /// Ends a transfer, unless that has happened already.
    private func finish(_ id: Int, _ outcome: Transfer.Outcome) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        multi?.remove(transfer.easy)
        transfer.continuation.resume(returning: outcome)
    }
}

/// What holds for every request of a transport.
package struct CurlSettings: Sendable {
    /// The `User-Agent` field, for example `outreach-exporter/1.0.0`.
    package var userAgent: String
    /// The time for name lookup, connection and TLS handshake together.
    package var connectTimeout: Duration
    /// The connections that may be open to one host; further requests wait within their own time limit.
    package var connectionsPerHost: Int
    /// The size of a body, content encoding removed, from which on it is refused; in bytes.
    package var responseLimit: Int
    /// A PEM file with the certificate authorities to trust; `nil` means those of the system.
    package var authorities: String?

    /// Describes a transport.
    package init(
        userAgent: String,
        connectTimeout: Duration = .seconds(10),
        connectionsPerHost: Int = 16,
        responseLimit: Int = 16 << 20,
        authorities: String? = nil
    ) {
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.connectionsPerHost = connectionsPerHost
        self.responseLimit = responseLimit
        self.authorities = authorities
    }
}
