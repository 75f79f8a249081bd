// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The result of a cycle, for the account's status, counters and the log.
struct CycleSummary: Sendable {
    let outcome: Result<Void, APIError>
    let started: ClockReading
    let ended: ClockReading
    /// The account's requests before the cycle.
    let requestsBefore: Int

    private var failure: APIError? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// The account's status after the cycle.
    func applied(to status: AccountStatus) -> AccountStatus {
        var status = status
        status.isCollecting = false
        status.state = failure == nil ? .up : .down
        status.lastDuration = ended.now - started.now
        status.lastFailure = failure?.text
        status.advice = failure?.advice
        status.consecutiveFailures = failure == nil ? 0 : status.consecutiveFailures + 1
        if failure == nil { status.lastSuccess = ended.wallTime }
        return status
    }

    /// Updates the account's status and counters.
    func apply(to record: inout AccountRecords.Record) {
        record.status = applied(to: record.status)
        record.status.lastRequests = record.counters.allRequests - requestsBefore
        record.counters.collections += 1
        if failure != nil { record.counters.failures += 1 }
    }

    /// The event for the log; `nil` for a success after a success.
    func event(before: AccountStatus, after: AccountStatus) -> CollectionEvent.Kind? {
        switch (before.state, failure) {
        case (.up, nil): nil
        case (let state, nil):
            .up(campaigns: after.campaigns ?? 0, took: ended.now - started.now, afterFailure: state == .down)
        case (.down, let failure?): .stillDown(failure, failures: after.consecutiveFailures)
        case (_, let failure?): .down(failure)
        }
    }
}
