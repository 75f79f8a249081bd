// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach
internal import Synchronization

/// How an account is doing, for the status page and its gauges.
package struct AccountStatus: Sendable, Hashable {
    /// What the last finished collection says about an account.
    package enum State: String, Sendable, Hashable, Codable {
        /// No collection has finished yet.
        case starting
        /// The last one succeeded.
        case up
        /// The last one failed.
        case down
    }

    /// Whose status this is.
    package let account: Account
    /// The time from start to start.
    package var interval: Duration
    /// What the last finished collection says.
    package var state = State.starting
    /// Whether a collection is under way.
    package var isCollecting = false
    /// When the last collection started.
    package var lastAttempt: Timestamp?
    /// When the last successful collection ended.
    package var lastSuccess: Timestamp?
    /// Why the last finished collection failed; `nil` after a success.
    package var lastFailure: String?
    /// What to do about it.
    package var advice: String?
    /// When the next collection starts; `nil` while one is under way.
    package var nextRun: Timestamp?
    /// How long the last finished collection took.
    package var lastDuration: Duration?
    /// Requests that the last finished collection sent, retries included.
    package var lastRequests: Int?
    /// Campaigns that the collection is about; `nil` before the first complete listing.
    package var campaigns: Int?
    /// How many of them are up to date in this collection.
    package var campaignsDone = 0
    /// How many of them could not be fetched.
    package var campaignsFailed = 0
    /// Collections that failed in a row.
    package var failuresInARow = 0

    /// Begins an account's life.
    package init(account: Account, interval: Duration) {
        self.account = account
        self.interval = interval
    }
}

/// What is counted about the collection of one account since the process started.
package struct AccountCounters: Sendable, Hashable {
    /// Upper bounds of request durations in seconds: from "served from a cache" to beyond the usual time limit.
    ///
    /// None is a whole number, so that every format writes the `le` label alike.
    package static let durationBounds = [0.05, 0.15, 0.5, 1.5, 4.5, 13.5, 40.5]

    /// Requests by endpoint and `code`.
    package private(set) var requests: [String: [String: Int]] = [:]
    /// How long they took, by endpoint.
    package private(set) var durations: [String: Histogram] = [:]
    /// Retries by reason.
    package var retries: [String: Int] = [:]
    /// Time spent waiting for the limiter, all waiting requests together.
    package var throttled = Duration.zero
    /// Collections that ended, well or not.
    package var collections = 0
    /// Collections that failed.
    package var failures = 0
    /// Starts missed because a collection was still under way.
    package var skipped = 0
    /// Campaigns whose detail was asked for.
    package var detailsFetched = 0
    /// Campaigns whose detail was not asked for, because nothing had changed.
    package var detailsSkipped = 0
    /// Falls of a total that were held back.
    package var held = 0
    /// Falls of a total that were passed on.
    package var reset = 0
    /// Series left out and labels shortened, by reason.
    package private(set) var dropped: [String: Int] = [:]

    /// Requests of all endpoints and codes.
    package var allRequests: Int { requests.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Counts a request that ended.
    mutating func addRequest(_ endpoint: String, _ code: String, seconds: Double) {
        requests[endpoint, default: [:]][code, default: 0] += 1
        durations[endpoint, default: Histogram(bounds: Self.durationBounds)].observe(seconds)
    }

    /// Counts what was left out for a reason; a reason without any is not shown.
    mutating func addDropped(_ count: Int, _ reason: String) {
        if count > 0 { dropped[reason, default: 0] += count }
    }
}

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
