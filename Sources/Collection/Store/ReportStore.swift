// SPDX-License-Identifier: Apache-2.0

package import Exposition
package import Outreach
internal import Synchronization

/// The published reports: one per account, replaced as a whole.
package final class ReportStore: Sendable {
    private let entries = Mutex<[Account: SectionEntry<AccountReport>]>([:])
    private let feed = ChangeFeed()

    /// Increases with every change of the page.
    package var version: UInt64 { feed.version }

    /// The reports that are not empty, in the order of the accounts.
    package var reports: [AccountReport] { entries(of: nil).map(\.content) }

    /// The reports and their version, from the same moment.
    package var snapshot: (version: UInt64, reports: [AccountReport]) {
        let (version, entries) = entries.withLock { (feed.version, $0) }
        return (version, entries.values.map(\.content).sorted { $0.account < $1.account })
    }

    package func changes() -> AsyncStream<UInt64> { feed.changes() }

    /// Replaces the account's report; an equal one does not change the version.
    func publish(_ report: AccountReport) {
        replace(report.account, by: report.isEmpty ? nil : report)
    }

    func remove(_ account: Account) {
        replace(account, by: nil)
    }

    private func replace(_ account: Account, by report: AccountReport?) {
        entries.withLock { entries in
            guard entries[account]?.content != report else { return }
            feed.advance()
            entries[account] = report.map {
                SectionEntry(account: account.name, version: feed.version, rows: $0.rows, content: $0)
            }
        }
    }
}

extension AccountReport {
    fileprivate var isEmpty: Bool {
        campaigns.isEmpty && mailboxes.isEmpty && domainChecks.isEmpty && plan.isEmpty
    }

    /// The number of samples of its largest families, roughly: lead statuses and placements are left out.
    fileprivate var rows: Int {
        max(campaigns.count, campaigns.reduce(0) { $0 + $1.steps.count }, mailboxes.count, domainChecks.count)
    }
}

/// The section of the page with the providers' data.
extension ReportStore: Section {
    package var families: [MetricFamily] { Catalogue.families }

    package func entries(of accounts: Set<String>?) -> [SectionEntry<AccountReport>] {
        entries.withLock { Array($0.values) }
            .filter { accounts?.contains($0.account) ?? true }
            .sorted { $0.content.account < $1.content.account }
    }

    package func write(_ reports: [AccountReport], to writer: inout ExpositionWriter) {
        ReportWriter(reports).write(to: &writer)
    }
}

/// A version number and the streams of its changes.
final class ChangeFeed: Sendable {
    private struct State {
        var version: UInt64 = 0
        var listeners: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
        var lastListenerID: UInt64 = 0
    }

    private let state = Mutex(State())

    var version: UInt64 { state.withLock { $0.version } }

    func advance() {
        state.withLock { state in
            state.version += 1
            for listener in state.listeners.values { listener.yield(state.version) }
        }
    }

    /// The version now and after every change; a slow reader gets the newest one only.
    func changes() -> AsyncStream<UInt64> {
        let (stream, listener) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.lastListenerID += 1
            state.listeners[state.lastListenerID] = listener
            listener.yield(state.version)
            return state.lastListenerID
        }
        listener.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }
}
