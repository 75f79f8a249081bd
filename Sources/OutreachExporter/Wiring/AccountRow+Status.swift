// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Outreach

extension AccountRow {
    /// An account's row at a moment.
    init(_ status: AccountStatus, now: Timestamp) {
        self.init(
            account: status.account,
            state: State(status, now: now),
            campaigns: status.campaigns ?? 0,
            progress: status.isCollecting ? status.campaigns.map { (status.campaignsDone, $0) } : nil,
            age: status.lastSuccess.map { now.since($0) },
            nextRun: status.nextRun.map { $0.since(now) },
            problem: status.lastFailure.map { [$0, status.advice].compactMap(\.self).joined(separator: ": ") }
        )
    }
}

extension AccountRow.State {
    /// An account whose last success is two intervals ago is late, whatever its last attempt says.
    fileprivate init(_ status: AccountStatus, now: Timestamp) {
        switch status.state {
        case .starting: self = .starting
        case .down: self = .down
        case .up:
            let age = status.lastSuccess.map { now.since($0) } ?? .zero
            self = age > status.interval * 2 ? .late : .up
        }
    }
}
