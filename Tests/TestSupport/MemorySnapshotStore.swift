// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach
import Synchronization

/// A snapshot store in memory that can be made to fail.
package final class MemorySnapshotStore: SnapshotStore {
    private let state: Mutex<(saved: [Account: AccountSnapshot], failure: SnapshotError?)>
    private let delay: @Sendable () async -> Void

    /// Starts with the snapshots of an earlier run; every write awaits `delay`.
    package init(_ saved: [Account: AccountSnapshot] = [:], delay: @escaping @Sendable () async -> Void = {}) {
        self.delay = delay
        state = Mutex((saved, nil))
    }

    package var saved: [Account: AccountSnapshot] { state.withLock { $0.saved } }

    /// Makes every call fail from now on; `nil` ends that.
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
