// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Bounds the number of requests in progress, from the end of the request to the last byte of its response.
///
/// Clients that read slowly cannot keep others out: at the limit, the response that has been in transmission longest is
/// aborted in favor of the new request.
final class ConcurrencyLimiter: Sendable {
    /// Whether a request may be handled.
    enum Verdict {
        case admitted, overloaded, stopping
    }

    private struct State {
        /// The number of requests whose response the handler is still making.
        var handling = 0
        /// The sockets of the responses in transmission, oldest first.
        var sending: [Int32] = []
        var isClosed = false
        var drainWaiter: CheckedContinuation<Void, Never>?

        var count: Int { handling + sending.count }

        /// Removes and returns the waiter if no request is left.
        mutating func takeWaiterIfDrained() -> CheckedContinuation<Void, Never>? {
            count == 0 ? drainWaiter.take() : nil
        }
    }

    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a request; if admitted, it must be given back by `release()`, or by `startSending` and `release(_:)`.
    func acquire() -> Verdict {
        state.withLock { state in
            if state.isClosed { return .stopping }
            if state.count >= limit {
                guard !state.sending.isEmpty else { return .overloaded }
                // Under the lock, which `release` needs before the descriptor can be closed and reused.
                abort(state.sending.removeFirst())
            }
            state.handling += 1
            return .admitted
        }
    }

    func startSending(over socket: Int32) {
        state.withLock { state in
            state.handling -= 1
            state.sending.append(socket)
        }
    }

    /// Gives back a request whose response was never sent.
    func release() {
        let waiter = state.withLock { state in
            state.handling -= 1
            return state.takeWaiterIfDrained()
        }
        waiter?.resume()
    }

    /// Gives back a request whose response was sent over a socket; no effect if `acquire` has aborted that socket.
    func release(_ socket: Int32) {
        let waiter = state.withLock { state in
            state.sending.removeAll { $0 == socket }
            return state.takeWaiterIfDrained()
        }
        waiter?.resume()
    }

    /// Admits no further request.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Waits until no request is in progress, or until `stopWaiting`; for one caller.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                if state.count > 0 { state.drainWaiter = continuation }
                return state.count == 0
            }
            if isDrained { continuation.resume() }
        }
    }

    /// Ends `drain` although requests are in progress.
    func stopWaiting() {
        state.withLock { $0.drainWaiter.take() }?.resume()
    }
}

/// The deadline of each open connection; connections past theirs are aborted.
///
/// libmicrohttpd's own timeout restarts with every byte, so a client that sends a byte now and then would hold a
/// connection forever. It also misses an end of stream that arrives together with an incomplete request.
///
/// Idle clients cannot keep others out: when the last connection is taken, the eighth of the connections whose last
/// progress is oldest is aborted. Keep-alive connections may be among them; their clients reconnect.
final class ConnectionDeadlines: Sendable {
    private struct Entry {
        let lastProgress: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant

        init(timeout: Duration) {
            lastProgress = .now
            deadline = lastProgress + timeout
        }
    }

    private let capacity: Int
    private let entries = Mutex<[Int32: Entry]>([:])

    /// - Parameter capacity: the maximum number of open connections.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds a connection; if it is the last one that fits, evicts others.
    func open(_ socket: Int32, timeout: Duration) {
        // One critical section: between two, another thread would count a connection too few and evict nothing.
        entries.withLock { entries in
            if entries.count + 1 >= capacity { Self.evict(max(1, capacity / 8), from: &entries) }
            entries[socket] = Entry(timeout: timeout)
        }
    }

    /// Starts a new timeout for a connection that has made progress.
    func set(_ timeout: Duration, for socket: Int32) {
        entries.withLock { $0[socket] = Entry(timeout: timeout) }
    }

    /// Removes a connection; to be called before its descriptor is closed and can be reused.
    func remove(_ socket: Int32) {
        _ = entries.withLock { $0.removeValue(forKey: socket) }
    }

    /// Aborts expired connections at this interval until the task is cancelled.
    func enforce(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil {
            let now = ContinuousClock.now
            entries.withLock { entries in
                for (socket, entry) in entries where entry.deadline < now { abort(socket) }
            }
        }
    }

    private static func evict(_ count: Int, from entries: inout [Int32: Entry]) {
        for (socket, _) in entries.sorted(by: { $0.value.lastProgress < $1.value.lastProgress }).prefix(count) {
            abort(socket)
            entries[socket] = nil
        }
    }
}

/// Ends a connection from any thread; libmicrohttpd then sees the end of the stream and closes the socket.
///
/// The caller ensures that the descriptor has not been closed and reused.
private func abort(_ socket: Int32) {
    // No linger: the close discards what the client has not read.
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    shutdown(socket, Int32(SHUT_RDWR))
}
