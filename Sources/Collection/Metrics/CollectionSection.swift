// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// The section of the page with the exporter's metrics about collection.
package struct CollectionSection: Section {
    private typealias Families = CollectionFamilies

    /// What the section tells about an account, or about the providers.
    package enum Content: Sendable {
        case account(AccountRecords.Record)
        case fields(AccountRecords.Fields)
    }

    private let accounts: AccountRecords

    package init(_ accounts: AccountRecords) {
        self.accounts = accounts
    }

    package var families: [MetricFamily] { Families.all }

    package var version: UInt64 { accounts.version }

    package func changes() -> AsyncStream<UInt64> { accounts.changes() }

    package func entries(of names: Set<String>?) -> [SectionEntry<Content>] {
        let entries = accounts.records(of: names).map { record in
            SectionEntry(
                account: record.status.account.name,
                version: record.version,
                rows: Self.rowsPerAccount,
                content: Content.account(record)
            )
        }
        guard names?.contains("") ?? true else { return entries }
        let fields = accounts.fields
        return entries + [SectionEntry(account: "", version: fields.version, rows: 0, content: .fields(fields))]
    }

    /// Most families have one sample per account; more accounts in a run would make a change of one expensive, fewer would
    /// make blocks too short to compress well.
    private static let rowsPerAccount = 12

    package func write(_ contents: [Content], to writer: inout ExpositionWriter) {
        let rows = contents.compactMap(\.record).map { Row(record: $0, labels: $0.status.account.labels) }
        writeAttributions(rows, to: &writer)
        writeStatus(rows, to: &writer)
        writeTotals(rows, to: &writer)
        writeRequests(rows, to: &writer)
        writeRest(rows, contents.compactMap(\.fields), to: &writer)
    }

    private func writeAttributions(_ rows: [Row], to writer: inout ExpositionWriter) {
        writer.open(Families.accountInfo)
        for row in rows { writer.sample(row.labels.adding("client", row.record.status.attribution.client), 1) }
        writer.open(Families.accountLabel)
        for row in rows {
            for label in row.record.status.attribution.labels { writer.sample(row.labels.adding("label", label), 1) }
        }
        writer.open(Families.costPerMonth)
        for row in rows {
            guard let cost = row.record.status.attribution.monthlyCost else { continue }
            writer.sample(row.labels.adding("currency", cost.currency), cost.amount)
        }
    }

    private func writeStatus(_ rows: [Row], to writer: inout ExpositionWriter) {
        write(Families.up, rows, to: &writer) { $0.status.state.up }
        write(Families.lastAttempt, rows, to: &writer) { $0.status.lastAttempt?.seconds }
        write(Families.lastSuccess, rows, to: &writer) { $0.status.lastSuccess?.seconds }
        write(Families.duration, rows, to: &writer) { $0.status.lastDuration.map(\.inSeconds) }
        write(Families.interval, rows, to: &writer) { $0.status.interval.inSeconds }
        write(Families.lastRequests, rows, to: &writer) { $0.status.lastRequests.map(Double.init) }
        write(Families.campaigns, rows, to: &writer) { $0.status.campaigns.map(Double.init) }
        write(Families.campaignsDone, rows, to: &writer) { record in
            record.status.campaigns.map { _ in Double(record.status.campaignsDone) }
        }
        write(Families.campaignsFailed, rows, to: &writer) { record in
            record.status.campaigns.map { _ in Double(record.status.campaignsFailed) }
        }
    }

    private func writeTotals(_ rows: [Row], to writer: inout ExpositionWriter) {
        write(Families.collections, rows, to: &writer) { Double($0.counters.collections) }
        write(Families.failures, rows, to: &writer) { Double($0.counters.failures) }
        write(Families.skipped, rows, to: &writer) { Double($0.counters.skipped) }
        writeParts(rows, to: &writer)
        write(Families.detailsFetched, rows, to: &writer) { Double($0.counters.detailsFetched) }
        write(Families.detailsSkipped, rows, to: &writer) { Double($0.counters.detailsSkipped) }
    }

    private func writeRequests(_ rows: [Row], to writer: inout ExpositionWriter) {
        writer.open(Families.requests)
        for row in rows {
            for (route, codes) in row.record.counters.requests.sorted(by: { $0.key < $1.key }) {
                let labels = row.labels.adding("route", route)
                for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
                    writer.sample(labels.adding("code", code), Double(count))
                }
            }
        }
        writer.open(Families.requestDuration)
        for row in rows {
            for (route, histogram) in row.record.counters.durations.sorted(by: { $0.key < $1.key }) {
                writer.samples(row.labels.adding("route", route), histogram)
            }
        }
        write(Families.retries, rows, by: "reason", to: &writer, \.retries)
        write(Families.throttled, rows, to: &writer) { $0.counters.throttled.inSeconds }
    }

    private func writeRest(_ rows: [Row], _ fields: [AccountRecords.Fields], to writer: inout ExpositionWriter) {
        write(Families.corrections, rows, by: "action", to: &writer, \.corrections)
        write(Families.countersHeld, rows, to: &writer) { Double($0.status.countersHeld) }
        writer.open(Families.unknownValues)
        for (field, count) in fields.flatMap(\.unknown) {
            writer.sample(Labels(["provider": field.provider, "field": field.field]), Double(count))
        }
        writer.open(Families.unusableValues)
        for (field, count) in fields.flatMap(\.unusable) {
            writer.sample(field.labels, Double(count))
        }
        writer.open(Families.missingFields)
        for (field, isMissing) in fields.flatMap(\.missing) {
            writer.sample(field.labels, isMissing ? 1 : 0)
        }
        write(Families.droppedSeries, rows, by: "reason", to: &writer, \.dropped)
    }

    private func writeParts(_ rows: [Row], to writer: inout ExpositionWriter) {
        write(Families.partUp, rows, to: &writer) { $0.isUp ? 1 : 0 }
        write(Families.partRefused, rows, to: &writer) { $0.isRefused ? 1 : 0 }
        write(Families.partLastSuccess, rows, to: &writer) { $0.lastSuccess?.seconds }
        write(Families.partFailures, rows, to: &writer) { Double($0.failures) }
    }

    /// Writes one sample per account and part with a value.
    private func write(
        _ family: MetricFamily,
        _ rows: [Row],
        to writer: inout ExpositionWriter,
        _ value: (PartStatus) -> Double?
    ) {
        writer.open(family)
        for row in rows {
            for (part, status) in row.record.status.parts.sorted(by: { $0.key < $1.key }) {
                if let value = value(status) { writer.sample(row.labels.adding("part", part.label), value) }
            }
        }
    }

    /// Writes one sample per account with a value.
    private func write(
        _ family: MetricFamily,
        _ rows: [Row],
        to writer: inout ExpositionWriter,
        _ value: (AccountRecords.Record) -> Double?
    ) {
        writer.open(family)
        for row in rows {
            if let value = value(row.record) { writer.sample(row.labels, value) }
        }
    }

    /// Writes one sample per account and key.
    private func write(
        _ family: MetricFamily,
        _ rows: [Row],
        by label: String,
        to writer: inout ExpositionWriter,
        _ counts: KeyPath<AccountCounters, [String: Int]>
    ) {
        writer.open(family)
        for row in rows {
            for (key, count) in row.record.counters[keyPath: counts].sorted(by: { $0.key < $1.key }) {
                writer.sample(row.labels.adding(label, key), Double(count))
            }
        }
    }

    /// A record with the labels of its account.
    private struct Row {
        let record: AccountRecords.Record
        let labels: Labels
    }
}

extension CollectionSection.Content {
    fileprivate var record: AccountRecords.Record? {
        if case .account(let record) = self { record } else { nil }
    }

    fileprivate var fields: AccountRecords.Fields? {
        if case .fields(let fields) = self { fields } else { nil }
    }
}

extension AccountStatus.State {
    /// The value of `outreach_account_up`.
    fileprivate var up: Double? {
        switch self {
        case .starting: nil
        case .up: 1
        case .down: 0
        }
    }
}

extension AccountCounters {
    fileprivate var corrections: [String: Int] { ["held": held, "reset": reset] }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}

extension AccountRecords.RouteField {
    fileprivate var labels: Labels { Labels(["provider": provider, "route": route, "field": field]) }
}
