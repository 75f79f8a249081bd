// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts the requests being answered, and lets no more in than allowed.
///
/// A request counts until the last byte of its answer has left. Clients that take their time to read cannot keep others
/// out: once there are too many, the one that has been reading longest is cut.
final class Admission: Sendable {
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
                cut(state.sending.removeFirst())
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
