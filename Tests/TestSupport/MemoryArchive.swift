// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach
import Synchronization

/// An archive in memory that fails when told.
package final class MemoryArchive: ReportArchive {
    private let state: Mutex<(saved: [Account: SavedAccount], failure: ArchiveFailure?)>

    private let delay: @Sendable () async -> Void

    /// Starts with what an earlier run saved; every write takes the delay.
    package init(_ saved: [Account: SavedAccount] = [:], delay: @escaping @Sendable () async -> Void = {}) {
        self.delay = delay
        state = Mutex((saved, nil))
    }

    /// What is saved.
    package var saved: [Account: SavedAccount] { state.withLock { $0.saved } }

    /// Fails from here on, or no longer.
    package func fail(_ failure: ArchiveFailure?) { state.withLock { $0.failure = failure } }

    package func load(_ account: Account) async throws(ArchiveFailure) -> SavedAccount? {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return saved[account]
    }

    package func save(_ account: SavedAccount) async throws(ArchiveFailure) {
        await delay()
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { $0.saved[account.account] = account }
    }
}
