// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach
internal import Synchronization

/// The reports as they are shown: one per account, replaced as a whole.
package final class ReportStore: Sendable {
    private let reportsByAccount = Mutex<[Account: AccountReport]>([:])
    private let feed = ChangeFeed()

    /// Grows with every change that can be seen.
    package var version: UInt64 { feed.version }

    /// Every report that shows something, in the order of the accounts.
    package var reports: [AccountReport] { snapshot.reports }

    /// The reports and the version that they are.
    package var snapshot: (version: UInt64, reports: [AccountReport]) {
        let (version, reports) = reportsByAccount.withLock { (feed.version, $0) }
        return (version, reports.values.sorted { $0.account < $1.account })
    }

    /// The version now and after every change; who is slow sees only the newest.
    package func changes() -> AsyncStream<UInt64> { feed.changes() }

    /// Shows a report in place of the account's last one; nothing happens where both are equal.
    func publish(_ report: AccountReport) {
        replace(report.account, by: report.isEmpty ? nil : report)
    }

    /// Shows nothing of an account any more.
    func remove(_ account: Account) {
        replace(account, by: nil)
    }

    private func replace(_ account: Account, by report: AccountReport?) {
        reportsByAccount.withLock { reports in
            guard reports[account] != report else { return }
            reports[account] = report
            feed.advance()
        }
    }
}

extension AccountReport {
    fileprivate var isEmpty: Bool { campaigns.isEmpty && mailboxes.isEmpty && domainChecks.isEmpty }
}

/// The part of the page that shows what the providers say.
extension ReportStore: Section {
    package func write(to writer: inout ExpositionWriter) {
        ReportWriter(reports).write(to: &writer)
    }
}

/// A version that grows, and the way of the news to those who listen.
final class ChangeFeed: Sendable {
    private struct State {
        var version: UInt64 = 0
        var listeners: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
        var listenersEver: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Grows with every change.
    var version: UInt64 { state.withLock { $0.version } }

    /// Notes a change.
    func advance() {
        state.withLock { state in
            state.version += 1
            for listener in state.listeners.values { listener.yield(state.version) }
        }
    }

    /// The version now and after every change; who is slow sees only the newest.
    func changes() -> AsyncStream<UInt64> {
        let (stream, listener) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.listenersEver += 1
            state.listeners[state.listenersEver] = listener
            listener.yield(state.version)
            return state.listenersEver
        }
        listener.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }
}
