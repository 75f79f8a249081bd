// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// What a finished collection says about its account.
struct CycleSummary: Sendable {
    /// How it ended.
    let outcome: Result<Void, CallFailure>
    /// When it started.
    let started: Dating
    /// When it ended.
    let ended: Dating
    /// Requests that the account had sent before.
    let sentBefore: Int

    private var failure: CallFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// The account's status behind the collection.
    func applied(to status: AccountStatus) -> AccountStatus {
        var status = status
        status.isCollecting = false
        status.state = failure == nil ? .up : .down
        status.lastDuration = ended.now - started.now
        status.lastFailure = failure?.text
        status.advice = failure?.advice
        status.failuresInARow = failure == nil ? 0 : status.failuresInARow + 1
        if failure == nil { status.lastSuccess = ended.wallTime }
        return status
    }

    /// Counts the collection.
    func apply(to record: inout AccountRecords.Record) {
        record.status = applied(to: record.status)
        record.status.lastRequests = record.counters.allRequests - sentBefore
        record.counters.collections += 1
        if failure != nil { record.counters.failures += 1 }
    }

    /// The transition for the log; `nil` for a success behind a success.
    func event(before: AccountStatus, after: AccountStatus) -> CollectionEvent.Kind? {
        switch (before.state, failure) {
        case (.up, nil): nil
        case (let state, nil):
            .up(campaigns: after.campaigns ?? 0, took: ended.now - started.now, afterFailure: state == .down)
        case (.down, let failure?): .stillDown(failure, failures: after.failuresInARow)
        case (_, let failure?): .down(failure)
        }
    }
}
