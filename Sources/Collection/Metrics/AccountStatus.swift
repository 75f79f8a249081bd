// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach
internal import Synchronization

/// An account's status, for its gauges and the status page.
package struct AccountStatus: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, Codable {
        /// None has finished yet.
        case starting
        case up
        case down
    }

    package let account: Account
    /// The configured time from start to start.
    package var interval: Duration
    /// Whom the account works for and what it costs, from the configuration.
    package var attribution = AccountAttribution()
    package var state = State.starting
    package var isCollecting = false
    package var lastAttempt: Timestamp?
    package var lastSuccess: Timestamp?
    /// `APIError.text` of the last finished collection; `nil` after a success.
    package var lastFailure: String?
    /// `APIError.advice` of the last finished collection; `nil` after a success.
    package var advice: String?
    /// When the next collection starts; `nil` during a collection.
    package var nextRun: Timestamp?
    package var lastDuration: Duration?
    /// Requests that the last finished collection sent, retries included.
    package var lastRequests: Int?
    /// Campaigns of the current or last collection; `nil` before the first complete listing.
    package var campaigns: Int?
    /// How many of them need no request, or no further one, in this collection.
    package var campaignsDone = 0
    /// How many of them failed in the last collection that reached their details.
    package var campaignsFailed = 0
    package var consecutiveFailures = 0
    /// Counters published above the provider's present total (see `MonotonicCounters`).
    package var countersHeld = 0
    /// The parts that were requested at least once.
    package var parts: [DataPart: PartStatus] = [:]

    /// The status of an account before its first collection.
    package init(account: Account, interval: Duration) {
        self.account = account
        self.interval = interval
    }

    /// Moves every time by a step of the wall clock.
    mutating func shift(by step: Duration) {
        lastAttempt = lastAttempt?.advanced(by: step)
        lastSuccess = lastSuccess?.advanced(by: step)
        nextRun = nextRun?.advanced(by: step)
        for part in parts.keys { parts[part]?.shift(by: step) }
    }
}

/// Counters about the collection of one account since the process started.
package struct AccountCounters: Sendable, Hashable {
    /// Upper bounds of the buckets of request durations, in seconds: from a cached response to beyond the default timeout.
    ///
    /// None is a whole number, which the formats would write differently as `le`.
    package static let durationBounds = [0.05, 0.15, 0.5, 1.5, 4.5, 13.5, 40.5]

    /// Requests by route and `APIError.code`.
    package private(set) var requests: [String: [String: Int]] = [:]
    /// Request durations in seconds by route.
    package private(set) var durations: [String: Histogram] = [:]
    /// Retries by `APIError.retryReason`.
    package var retries: [String: Int] = [:]
    /// The time that requests waited for the rate limiter, added up.
    package var throttled = Duration.zero
    /// Finished collections, failed ones included.
    package var collections = 0
    package var failures = 0
    /// Starts missed because the previous collection was still running.
    package var skipped = 0
    /// Campaigns whose detail was requested.
    package var detailsFetched = 0
    /// Campaigns whose detail was not due.
    package var detailsSkipped = 0
    /// Decreases of a counter that are held (see `MonotonicCounters`).
    package var held = 0
    /// Decreases of a counter that were published as a reset.
    package var reset = 0
    /// Series dropped and label values shortened by a limit, by reason.
    package private(set) var dropped: [String: Int] = [:]

    package var allRequests: Int { requests(to: requests.keys) }

    /// The requests to some routes, retries included.
    func requests(to routes: some Sequence<String>) -> Int {
        routes.reduce(0) { $0 + (requests[$1]?.values.reduce(0, +) ?? 0) }
    }

    mutating func addRequest(_ route: String, _ code: String, seconds: Double) {
        requests[route, default: [:]][code, default: 0] += 1
        durations[route, default: Histogram(bounds: Self.durationBounds)].observe(seconds)
    }

    /// Counts what a limit dropped; a reason that never occurred has no series.
    mutating func addDropped(_ count: Int, _ reason: String) {
        if count > 0 { dropped[reason, default: 0] += count }
    }
}

/// The status and counters of every account, until the account is removed.
package final class AccountRecords: Sendable {
    package struct Record: Sendable, Hashable {
        package var status: AccountStatus
        package var counters = AccountCounters()
        /// The version of all records when this one changed last.
        fileprivate(set) var version: UInt64 = 0
    }

    private struct State {
        var records: [Account: Record] = [:]
        var unknown: [UnknownField: Int] = [:]
        /// The accounts for which a field is missing; empty for one that was missing before.
        var missing: [RouteField: Set<Account>] = [:]
        var unusable: [RouteField: Int] = [:]
        /// The accounts for which an unusable value of a field was reported.
        var reported: [RouteField: Set<Account>] = [:]
        /// The version of all records when `unknown`, `unusable` or `missing` changed last.
        var fieldsVersion: UInt64 = 0
        /// The clocks when the recorded times were last in line with them.
        var clocks: ClockReading?
    }

    /// The smallest difference between the clocks that is a step: smaller ones add up until they are one.
    private static let smallestStep = Duration.seconds(1)

    private let state = Mutex(State())
    private let feed = ChangeFeed()

    /// Increases with every change.
    package var version: UInt64 { feed.version }

    func changes() -> AsyncStream<UInt64> { feed.changes() }

    /// All records, in the order of the accounts.
    package var records: [Record] { records(of: nil) }

    /// The records of some accounts, by name, in the order of the accounts; `nil` for all.
    func records(of names: Set<String>?) -> [Record] {
        state.withLock { state in
            state.records.values.filter { names?.contains($0.status.account.name) ?? true }
        }
        .sorted { $0.status.account < $1.status.account }
    }

    /// All statuses, in the order of the accounts.
    package var statuses: [AccountStatus] { records.map(\.status) }

    /// What is known about the fields of responses.
    var fields: Fields {
        let state = state.withLock { $0 }
        return Fields(
            version: state.fieldsVersion,
            unknown: state.unknown.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            unusable: state.unusable.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            missing: state.missing.sorted { $0.key < $1.key }.map { ($0.key, !$0.value.isEmpty) }
        )
    }

    /// An account's record; `nil` for an unknown account.
    package subscript(account: Account) -> Record? {
        state.withLock { $0.records[account] }
    }

    /// Adds an account, or changes what the configuration says about a known one.
    func add(_ account: Account, interval: Duration, attribution: AccountAttribution = AccountAttribution()) {
        change { state, version in
            var record = state.records[account] ?? Record(status: AccountStatus(account: account, interval: interval))
            record.status.interval = interval
            record.status.attribution = attribution
            record.version = version
            state.records[account] = record
        }
    }

    func remove(_ account: Account) {
        change { state, version in
            state.records[account] = nil
            state.fieldsVersion = version
            for field in state.missing.keys { state.missing[field]?.remove(account) }
            for field in state.reported.keys { state.reported[field]?.remove(account) }
        }
    }

    /// Records which needed fields the rows of a route had; returns those that went missing for the account.
    func record(_ presence: FieldPresence, of account: Account) -> [String] {
        let known = state.withLock { $0.missing }
        var gone: [String] = []
        for name in presence.needed.sorted() {
            let field = RouteField(provider: account.provider, route: presence.route, field: name)
            let isMissing = !presence.present.contains(name)
            let wasMissing = known[field]?.contains(account) ?? false
            guard isMissing != wasMissing else { continue }
            if isMissing { gone.append(name) }
            change { state, version in
                state.fieldsVersion = version
                if isMissing {
                    state.missing[field, default: []].insert(account)
                } else {
                    state.missing[field]?.remove(account)
                }
            }
        }
        return gone
    }

    /// Changes an account's counters; ignored for an unknown account.
    func count(_ account: Account, _ count: (inout AccountCounters) -> Void) {
        update(account) { count(&$0.counters) }
    }

    /// Changes an account's record; ignored for an unknown account.
    func update(_ account: Account, _ update: (inout Record) -> Void) {
        change { state, version in
            guard let index = state.records.index(forKey: account) else { return }
            update(&state.records.values[index])
            state.records.values[index].version = version
        }
    }

    /// Counts unknown values by the fields that had them; these counters outlive the account.
    func count(unknown fields: [String], of provider: String) {
        guard !fields.isEmpty else { return }
        change { state, version in
            state.fieldsVersion = version
            for field in fields { state.unknown[UnknownField(provider: provider, field: field), default: 0] += 1 }
        }
    }

    /// Counts unusable values, whose counters outlive the account; whether they are the first of the field for it.
    func count(_ values: UnusableValue, of account: Account) -> Bool {
        let field = RouteField(provider: account.provider, route: values.route, field: values.field)
        let isFirst = state.withLock { $0.reported[field, default: []].insert(account).inserted }
        change { state, version in
            state.fieldsVersion = version
            state.unusable[field, default: 0] += values.count
        }
        return isFirst
    }

    /// Moves the recorded times with a step of the wall clock, so that the ages computed from them stay true.
    func follow(_ clocks: ClockReading) {
        let before = state.withLock { state in
            defer { state.clocks = state.clocks ?? clocks }
            return state.clocks
        }
        guard let before, clocks.step(since: before).magnitude >= Self.smallestStep else { return }
        change { state, version in
            // Another task may have seen the step first.
            guard let before = state.clocks else { return }
            let step = clocks.step(since: before)
            guard step.magnitude >= Self.smallestStep else { return }
            state.clocks = clocks
            for index in state.records.values.indices {
                state.records.values[index].status.shift(by: step)
                state.records.values[index].version = version
            }
        }
    }

    /// Changes the state; `change` gets the version that the change brings.
    private func change(_ change: (inout State, UInt64) -> Void) {
        state.withLock { state in
            change(&state, feed.version + 1)
            feed.advance()
        }
    }
}

extension Duration {
    fileprivate var magnitude: Duration { max(self, .zero - self) }
}
