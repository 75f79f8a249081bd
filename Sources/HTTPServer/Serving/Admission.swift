// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts the requests being answered, and lets no more in than allowed.
///
/// A request counts until the last byte of its answer has left, so a client that reads slowly holds its place.
final class Admission: Sendable {
    /// Whether a request may be answered.
    enum Verdict {
        case admitted, overloaded, stopping
    }

    private struct State {
        var count = 0
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// How many requests may be answered at once.
    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a request in; one that is admitted must `leave`.
    func enter() -> Verdict {
        state.withLock { state in
            if state.isClosed { return .stopping }
            if state.count >= limit { return .overloaded }
            state.count += 1
            return .admitted
        }
    }

    /// Counts a request out.
    func leave() {
        let waiter = state.withLock { state in
            state.count -= 1
            return state.count == 0 ? state.waiter.take() : nil
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
