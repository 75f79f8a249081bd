// SPDX-License-Identifier: Apache-2.0

/// HTTP by libcurl, on a thread that is this actor's executor.
///
/// All calls of libcurl are made on that thread, so that nothing needs a lock. The thread ends with the last reference.
///
/// Proxies are taken from the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`), except for loopback
/// hosts. Redirects are returned, never followed, so that keys are sent to no other host.
package actor CurlTransport: Transport {
    private let settings: CurlSettings
    private let budget: BodyBudget
    private let executor: CurlExecutor
    private var multi: MultiHandle?
    private var transfers: [Int: Transfer] = [:]
    private var lastID = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Creates a transport and starts its thread.
    ///
    /// - Throws: `unreachable` if the system has no thread, memory or file descriptor left.
    package init(_ settings: CurlSettings) throws(TransportError) {
        self.settings = settings
        budget = BodyBudget(settings.bodyBudget)
        executor = try CurlExecutor()
        multi = try MultiHandle(settings)
        try executor.start { [weak self] in self?.assumeIsolated { $0.drive() } ?? false }
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

    /// Waits for the end of a request.
    ///
    /// A method, because a closure that does not use `self` is not isolated to the actor.
    private func outcome(of request: HTTPRequest, _ id: Int) async -> Transfer.Outcome {
        await withCheckedContinuation { begin(request, id, $0) }
    }

    /// Begins a request unless its task is cancelled; a later cancellation is a job that runs after this one.
    private func begin(_ request: HTTPRequest, _ id: Int, _ continuation: Transfer.Continuation) {
        do throws(TransportError) {
            guard let multi, !Task.isCancelled else { throw .cancelled }
            let transfer = try Transfer(request, id: id, settings, budget, continuation)
            try multi.add(transfer.easy)
            transfers[id] = transfer
        } catch {
            continuation.resume(returning: .failure(error))
        }
    }

    /// Cancels all requests, closes all connections and fails further requests as cancelled.
    ///
    /// After it the process may exit without racing OpenSSL's clean-up.
    package func shutdown() {
        for id in transfers.keys { finish(id, .failure(.cancelled)) }
        multi = nil
    }

    /// Advances all transfers, then waits for a socket, a deadline or a job.
    ///
    /// - Returns: whether there are transfers.
    private func drive() -> Bool {
        guard let multi else { return false }
        multi.perform()
        while let (id, code) = multi.nextCompleted() {
            if let transfer = transfers[id] { finish(id, transfer.outcome(code)) }
        }
        expire()
        guard let next = transfers.values.lazy.map(\.deadline).min() else { return false }
        multi.wait(until: next, orFor: executor.wakeUp)
        return true
    }

    /// Fails the transfers whose deadline has passed.
    ///
    /// libcurl's own timeout does not apply while a transfer waits for a connection to its host.
    private func expire() {
        let now = ContinuousClock.now
        for (id, transfer) in transfers where transfer.deadline <= now { finish(id, .failure(.timedOut)) }
    }

    /// Ends a transfer unless it has ended already.
    private func finish(_ id: Int, _ outcome: Transfer.Outcome) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        multi?.remove(transfer.easy)
        transfer.continuation.resume(returning: outcome)
    }
}

package struct CurlSettings: Sendable {
    /// The `User-Agent` field, for example `outreach-exporter/1.0.0`.
    package var userAgent: String
    /// The time limit for name lookup, connection and TLS handshake together.
    package var connectTimeout: Duration
    /// The most connections, those that are kept for further requests included; other requests wait within their own time
    /// limit.
    package var maxConnections: Int
    /// The maximum size of a decoded response body, in bytes.
    package var responseLimit: Int
    /// The maximum size of all bodies above 1 MiB together, received or not yet decoded, in bytes.
    package var bodyBudget: Int
    /// The path of a PEM file with the trusted certificate authorities; `nil` for those of the system.
    package var authorities: String?

    package init(
        userAgent: String,
        connectTimeout: Duration = .seconds(10),
        maxConnections: Int = 64,
        responseLimit: Int = 16 << 20,
        bodyBudget: Int = 24 << 20,
        authorities: String? = nil
    ) {
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.maxConnections = maxConnections
        self.responseLimit = responseLimit
        self.bodyBudget = bodyBudget
        self.authorities = authorities
    }
}
