// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// How the last readings of the configuration went.
final class ReloadState: Sendable {
    /// What is read: the accounts and how to collect them, and the doors.
    enum Part: Sendable {
        case settings, web
    }

    /// What there is to tell.
    struct Value: Sendable {
        /// Whether the last reading of every part succeeded.
        var successful: Bool
        /// When a reading after which that was so happened last.
        var lastSuccess: Timestamp
    }

    private struct State {
        var broken: Set<Part> = []
        var lastSuccess: Timestamp
    }

    private let state: Mutex<State>

    /// The first reading succeeded, or nothing runs.
    init(at moment: Timestamp) {
        state = Mutex(State(lastSuccess: moment))
    }

    /// How it went.
    var value: Value {
        state.withLock { Value(successful: $0.broken.isEmpty, lastSuccess: $0.lastSuccess) }
    }

    /// Notes that a part was read.
    func succeed(_ part: Part, at moment: Timestamp) {
        state.withLock { state in
            state.broken.remove(part)
            if state.broken.isEmpty { state.lastSuccess = moment }
        }
    }

    /// Notes that a part could not be read: what it said before stays.
    func fail(_ part: Part) {
        state.withLock { _ = $0.broken.insert(part) }
    }
}
