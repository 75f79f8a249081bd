// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What a source has learned about its account's API: page sizes that fit, how steps are counted.
///
/// Saved with the account's data and restored after a restart, so that it is learned once.
package final class AccountFacts: Sendable {
    private let values = Mutex<[String: String]>([:])

    package init() {}

    /// The value of a fact; `nil` if it is not known.
    package subscript(name: String) -> String? {
        get { values.withLock { $0[name] } }
        set { values.withLock { $0[name] = newValue } }
    }

    package var all: [String: String] { values.withLock(\.self) }

    package func restore(_ saved: [String: String]) {
        values.withLock { $0 = saved }
    }
}
