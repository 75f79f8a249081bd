// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach
import Synchronization

/// An archive in memory that fails when told.
package final class MemorySnapshotStore: SnapshotStore {
    private let state: Mutex<(saved: [Account: AccountSnapshot], failure: SnapshotError?)>

    private let delay: @Sendable () async -> Void

    /// Starts with what an earlier run saved; every write takes the delay.
    package init(_ saved: [Account: AccountSnapshot] = [:], delay: @escaping @Sendable () async -> Void = {}) {
        self.delay = delay
        state = Mutex((saved, nil))
    }

    /// What is saved.
    package var saved: [Account: AccountSnapshot] { state.withLock { $0.saved } }

    /// Fails from here on, or no longer.
    package func fail(_ failure: SnapshotError?) { state.withLock { $0.failure = failure } }

    package func load(_ account: Account) async throws(SnapshotError) -> AccountSnapshot? {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return saved[account]
    }

    package func save(_ account: AccountSnapshot) async throws(SnapshotError) {
        await delay()
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { $0.saved[account.account] = account }
    }
}
