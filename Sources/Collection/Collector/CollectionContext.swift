// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// What all accounts share: time, chance, the store, the records, the archive and whoever wants to hear of events.
package struct CollectionContext: Sendable {
    /// The time.
    package let clock: any CollectionClock
    /// The chance.
    package let jitter: Jitter
    /// The requests of all accounts at once.
    package let total: AsyncSemaphore
    /// Where reports are published.
    package let store: ReportStore
    /// Where states and counts are kept.
    package let records: AccountRecords
    /// Where data outlives the process; `nil` for memory only.
    package let archive: (any SnapshotStore)?
    /// Whose turn it is to save and show.
    let publications = PublicationLocks()
    /// Called for every event; must not block.
    package let observe: @Sendable (CollectionEvent) -> Void

    /// Brings the surroundings together, with an empty store; `totalRequests` bounds the requests of all accounts at once.
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
        total = AsyncSemaphore(totalRequests)
        store = ReportStore()
        records = AccountRecords()
    }

    /// Tells of an event.
    func report(_ account: Account, _ kind: CollectionEvent.Kind) {
        observe(CollectionEvent(account: account, kind: kind))
    }
}
