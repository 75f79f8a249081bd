// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// How the last reading of the configuration went.
final class ReloadState: Sendable {
    /// What there is to tell.
    struct Value: Sendable {
        /// Whether the last reading succeeded.
        var successful: Bool
        /// When one succeeded last.
        var lastSuccess: Timestamp
    }

    private let state: Mutex<Value>

    /// The first reading succeeded, or nothing runs.
    init(at moment: Timestamp) {
        state = Mutex(Value(successful: true, lastSuccess: moment))
    }

    /// How it went.
    var value: Value { state.withLock { $0 } }

    /// Notes a success.
    func succeed(at moment: Timestamp) {
        state.withLock { $0 = Value(successful: true, lastSuccess: moment) }
    }

    /// Notes a failure: the earlier configuration stays.
    func fail() {
        state.withLock { $0.successful = false }
    }
}
