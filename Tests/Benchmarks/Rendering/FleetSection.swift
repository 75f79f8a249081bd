// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach
internal import Synchronization

/// Provider data as the exporter has it on its page.
final class FleetSection: Section {
    private let state: Mutex<[SectionEntry<AccountReport>]>
    private let moves = Atomic<UInt64>(0)
    private let listeners = Mutex<[AsyncStream<UInt64>.Continuation]>([])

    init(_ reports: [AccountReport]) {
        state = Mutex(reports.sorted { $0.account < $1.account }.map { Self.entry($0, version: 0) })
    }

    private static func entry(_ report: AccountReport, version: UInt64) -> SectionEntry<AccountReport> {
        let rows = max(report.campaigns.count, report.campaigns.reduce(0) { $0 + $1.steps.count })
        return SectionEntry(account: report.account.name, version: version, rows: rows, content: report)
    }

    let families = Catalogue.families

    /// Replaces the report of an account.
    func publish(_ report: AccountReport) {
        let version = moves.add(1, ordering: .relaxed).newValue
        state.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.content.account == report.account }) else { return }
            entries[index] = Self.entry(report, version: version)
        }
        listeners.withLock { for listener in $0 { listener.yield(version) } }
    }

    var version: UInt64 { moves.load(ordering: .relaxed) }

    func changes() -> AsyncStream<UInt64> {
        let (stream, listener) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        listeners.withLock { $0.append(listener) }
        return stream
    }

    func entries(of accounts: Set<String>?) -> [SectionEntry<AccountReport>] {
        state.withLock { $0 }.filter { accounts?.contains($0.account) ?? true }
    }

    func write(_ reports: [AccountReport], to writer: inout ExpositionWriter) {
        ReportWriter(reports).write(to: &writer)
    }
}

/// As many numbers as the process has to tell about itself at every scrape.
struct MomentSection: LiveSection {
    private let families = (0..<12).map {
        MetricFamily("process_number_\($0)", .gauge, "A number that the process tells about itself.")
    }

    func write(to writer: inout ExpositionWriter) {
        for (index, family) in families.enumerated() {
            writer.open(family)
            writer.sample(Labels(["handler": "/metrics", "code": "200"]), Double(index) * 1.5)
        }
    }
}
