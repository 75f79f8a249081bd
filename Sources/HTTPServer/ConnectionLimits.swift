// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Counts the requests being answered, and lets no more in than allowed.
///
/// A request counts until the last byte of its answer has left. Clients that take their time to read cannot keep others
/// out: once there are too many, the one that has been reading longest is cut.
final class ConcurrencyLimiter: Sendable {
    /// Whether a request may be answered.
    enum Verdict {
        case admitted, overloaded, stopping
    }

    private struct State {
        /// How many answers are being made.
        var making = 0
        /// The sockets over which answers are being sent, the longest at it first.
        var sending: [Int32] = []
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?

        var count: Int { making + sending.count }

        /// Who waits for the last request to leave, if it has left.
        mutating func waiterAtEnd() -> CheckedContinuation<Void, Never>? {
            count == 0 ? waiter.take() : nil
        }
    }

    /// How many requests may be answered at once.
    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a request in; one that is admitted must `leave`, or `send` and then `leave(_:)`.
    func enter() -> Verdict {
        state.withLock { state in
            if state.isClosed { return .stopping }
            if state.count >= limit {
                guard !state.sending.isEmpty else { return .overloaded }
                // Under the lock, which `leave` needs before the descriptor can become another's.
                abort(state.sending.removeFirst())
            }
            state.making += 1
            return .admitted
        }
    }

    /// Notes that a request's answer is made and goes out over a socket.
    func send(over socket: Int32) {
        state.withLock { state in
            state.making -= 1
            state.sending.append(socket)
        }
    }

    /// Counts a request out whose answer was never sent.
    func leave() {
        let waiter = state.withLock { state in
            state.making -= 1
            return state.waiterAtEnd()
        }
        waiter?.resume()
    }

    /// Counts a request out whose answer went over a socket, unless that was cut.
    func leave(_ socket: Int32) {
        let waiter = state.withLock { state in
            state.sending.removeAll { $0 == socket }
            return state.waiterAtEnd()
        }
        waiter?.resume()
    }

    /// Lets nobody in any more.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Waits until no request is left, or until `abandon`.
    func emptied() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.count > 0 { state.waiter = continuation }
                return state.count == 0
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Ends the wait for the requests that are left.
    func abandon() {
        state.withLock { $0.waiter.take() }?.resume()
    }
}

/// When each open connection has to be further than it is; those that are late are cut.
///
/// libmicrohttpd's own time-out starts anew with every byte, so one byte now and then would hold a connection for ever.
/// It also overlooks the end of the stream that arrives together with half a request.
///
/// Clients that open connections and do nothing cannot keep others out: when the last place is taken, an eighth of all
/// connections is cut, those that have got no further for longest. A kept connection may be among them, whose client
/// opens another.
final class ConnectionDeadlines: Sendable {
    private struct Entry {
        let since: ContinuousClock.Instant
        let end: ContinuousClock.Instant

        init(for allowance: Duration) {
            since = .now
            end = since + allowance
        }
    }

    private let capacity: Int
    private let entries = Mutex<[Int32: Entry]>([:])

    /// Watches over at most so many connections.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Gives a new connection this much time from now on, and makes room for the next.
    func open(_ socket: Int32, _ allowance: Duration) {
        // In one step: between two, another thread would count one connection too few, and nothing be cut any more.
        entries.withLock { entries in
            if entries.count + 1 >= capacity { Self.makeRoom(capacity / 8, in: &entries) }
            entries[socket] = Entry(for: allowance)
        }
    }

    /// Gives a connection this much time from now on, because it has got further.
    func set(_ allowance: Duration, for socket: Int32) {
        entries.withLock { $0[socket] = Entry(for: allowance) }
    }

    /// Forgets a connection; called before its descriptor is closed and can become another's.
    func remove(_ socket: Int32) {
        _ = entries.withLock { $0.removeValue(forKey: socket) }
    }

    /// Cuts what is late, at this interval, until cancelled.
    func enforce(every interval: Duration) async {
        while (try? await Task.sleep(for: interval)) != nil { cutLate() }
    }

    private static func makeRoom(_ count: Int, in entries: inout [Int32: Entry]) {
        for (socket, _) in entries.sorted(by: { $0.value.since < $1.value.since }).prefix(max(1, count)) {
            abort(socket)
            entries[socket] = nil
        }
    }

    private func cutLate() {
        let now = ContinuousClock.now
        entries.withLock { entries in
            for (socket, entry) in entries where entry.end < now { abort(socket) }
        }
    }
}

/// Ends a client's connection from any thread; libmicrohttpd sees the end of the stream and closes the socket.
///
/// The caller makes sure that the descriptor is still the client's.
func abort(_ socket: Int32) {
    // What a client does not read must not stay in the kernel after the close.
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    shutdown(socket, Int32(SHUT_RDWR))
}
