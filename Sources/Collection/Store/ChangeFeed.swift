// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A version that grows, and the way of the news to those who listen.
final class ChangeFeed: Sendable {
    private struct State {
        var version: UInt64 = 0
        var listeners: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
        var listenersEver: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Grows with every change.
    var version: UInt64 { state.withLock { $0.version } }

    /// Notes a change.
    func advance() {
        state.withLock { state in
            state.version += 1
            for listener in state.listeners.values { listener.yield(state.version) }
        }
    }

    /// The version now and after every change; who is slow sees only the newest.
    func changes() -> AsyncStream<UInt64> {
        let (stream, listener) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.listenersEver += 1
            state.listeners[state.listenersEver] = listener
            listener.yield(state.version)
            return state.listenersEver
        }
        listener.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }
}
