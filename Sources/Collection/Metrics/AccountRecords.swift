// SPDX-License-Identifier: Apache-2.0

package import Outreach
internal import Synchronization

/// The states and counts of all accounts; those of an account that is removed go with it.
package final class AccountRecords: Sendable {
    /// Everything kept about one account.
    package struct Record: Sendable, Hashable {
        /// How it is doing.
        package var status: AccountStatus
        /// What was counted.
        package var counters = AccountCounters()
    }

    /// A provider's field in which an unknown value was met.
    package struct UnknownField: Sendable, Hashable, Comparable {
        /// The provider's name.
        package let provider: String
        /// The field's name.
        package let field: String

        /// By provider, then by field.
        package static func < (left: Self, right: Self) -> Bool {
            (left.provider, left.field) < (right.provider, right.field)
        }
    }

    private struct State {
        var records: [Account: Record] = [:]
        var unknown: [UnknownField: Int] = [:]
    }

    private let state = Mutex(State())
    private let feed = ChangeFeed()

    /// Grows with every change.
    package var version: UInt64 { feed.version }

    /// The version now and after every change; who is slow sees only the newest.
    func changes() -> AsyncStream<UInt64> { feed.changes() }

    /// Every account's record, in the order of the accounts.
    package var records: [Record] {
        state.withLock { $0.records }.values.sorted { $0.status.account < $1.status.account }
    }

    /// Every account's status, in the order of the accounts.
    package var statuses: [AccountStatus] { records.map(\.status) }

    /// Unknown values met, by provider and field.
    package var unknownValues: [(key: UnknownField, count: Int)] {
        state.withLock { $0.unknown }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// An account's record; `nil` where there is no such account.
    package subscript(account: Account) -> Record? {
        state.withLock { $0.records[account] }
    }

    /// Begins the record of an account, or goes on with it under another interval.
    func add(_ account: Account, interval: Duration) {
        change { state in
            state.records[account, default: Record(status: AccountStatus(account: account, interval: interval))]
                .status.interval = interval
        }
    }

    /// Forgets an account.
    func remove(_ account: Account) {
        change { $0.records[account] = nil }
    }

    /// Changes an account's counts; does nothing where there is no such account.
    func count(_ account: Account, _ count: (inout AccountCounters) -> Void) {
        update(account) { count(&$0.counters) }
    }

    /// Changes an account's record; does nothing where there is no such account.
    func update(_ account: Account, _ update: (inout Record) -> Void) {
        change { state in
            guard let index = state.records.index(forKey: account) else { return }
            update(&state.records.values[index])
        }
    }

    /// Counts fields in which a provider used an unknown value; they stay when the account goes.
    func count(unknown fields: [String], of provider: String) {
        guard !fields.isEmpty else { return }
        change { state in
            for field in fields { state.unknown[UnknownField(provider: provider, field: field), default: 0] += 1 }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            feed.advance()
        }
    }
}
