// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Synchronization

/// What the collectors of all accounts share.
package struct CollectionContext: Sendable {
    package let clock: any CollectionClock
    package let jitter: Jitter
    /// Bounds the requests in flight of all accounts together.
    let requestSemaphore: AsyncSemaphore
    /// Bounds the large bodies that are decoded at the same time.
    let decodingSemaphore = AsyncSemaphore(1)
    package let store: ReportStore
    package let records: AccountRecords
    /// Where data outlives the process; `nil` without a storage directory.
    let archive: (any SnapshotStore)?
    let publicationLocks = PublicationLocks()
    private let observe: @Sendable (CollectionEvent) -> Void

    /// Creates a context with an empty report store.
    ///
    /// `totalRequests` bounds the requests in flight of all accounts together. `observe` is called for every event, on any
    /// thread, and must not block.
    package init(
        clock: any CollectionClock,
        jitter: Jitter = .system,
        totalRequests: Int = 64,
        archive: (any SnapshotStore)? = nil,
        observe: @escaping @Sendable (CollectionEvent) -> Void = { _ in }
    ) {
        self.clock = clock
        self.jitter = jitter
        self.archive = archive
        self.observe = observe
        requestSemaphore = AsyncSemaphore(totalRequests)
        store = ReportStore()
        records = AccountRecords()
    }

    /// Reads the clocks for times that are recorded; those recorded before follow a step of the wall clock.
    func readClocks() -> ClockReading {
        let clocks = ClockReading(clock)
        records.follow(clocks)
        return clocks
    }

    /// Lets the recorded times follow the wall clock, checked every second, until cancelled.
    package func followWallClock() async {
        repeat { _ = readClocks() } while (try? await clock.wait(until: clock.now + .seconds(1))) != nil
    }

    func report(_ account: Account, _ kind: CollectionEvent.Kind) {
        observe(CollectionEvent(account: account, kind: kind))
    }
}

/// A lock per account for its publications, shared by the collectors that replace each other: after a reload the old one
/// may still be writing when the new one wants to.
final class PublicationLocks: Sendable {
    private let locks = Mutex<[Account: AsyncSemaphore]>([:])

    subscript(account: Account) -> AsyncSemaphore {
        locks.withLock { locks in
            let lock = locks[account] ?? AsyncSemaphore(1)
            locks[account] = lock
            return lock
        }
    }
}
