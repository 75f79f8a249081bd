// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// The metric families about collection itself; their help says what each one means.
package enum CollectionFamilies {
    package static let up = MetricFamily(
        "outreach_account_up",
        .gauge,
        "1 if the last finished collection of the account succeeded, 0 if it failed; none before the first one."
    )
    package static let lastAttempt = MetricFamily(
        "outreach_collection_last_attempt_timestamp_seconds",
        .gauge,
        "When the last collection started, in seconds since the epoch."
    )
    package static let lastSuccess = MetricFamily(
        "outreach_collection_last_success_timestamp_seconds",
        .gauge,
        "When the last successful collection ended, in seconds since the epoch."
    )
    package static let duration = MetricFamily(
        "outreach_collection_duration_seconds",
        .gauge,
        "Duration of the last finished collection."
    )
    package static let interval = MetricFamily(
        "outreach_collection_interval_seconds",
        .gauge,
        "The configured time from the start of one collection to the start of the next."
    )
    package static let lastRequests = MetricFamily(
        "outreach_collection_requests",
        .gauge,
        "Requests that the last finished collection sent, retries included."
    )
    package static let campaigns = MetricFamily(
        "outreach_collection_campaigns",
        .gauge,
        "Campaigns in the current or last collection: listed, selected and within the campaign limit."
    )
    package static let campaignsDone = MetricFamily(
        "outreach_collection_campaigns_done",
        .gauge,
        "Campaigns of the current or last collection that are done: not due, fetched or failed."
    )
    package static let campaignsFailed = MetricFamily(
        "outreach_collection_campaigns_failed",
        .gauge,
        "Campaigns whose detail the last collection could not fetch."
    )
    package static let collections = MetricFamily(
        "outreach_collections_total",
        .counter,
        "Collections that finished, failed ones included."
    )
    package static let failures = MetricFamily(
        "outreach_collection_failures_total",
        .counter,
        "Collections that failed."
    )
    package static let skipped = MetricFamily(
        "outreach_collections_skipped_total",
        .counter,
        "Starts of collections missed because the previous one was still running."
    )
    package static let detailsFetched = MetricFamily(
        "outreach_collection_details_fetched_total",
        .counter,
        "Details requested, of campaigns that were new, changed or due for a check."
    )
    package static let detailsSkipped = MetricFamily(
        "outreach_collection_details_skipped_total",
        .counter,
        "Details not requested, of campaigns that were neither new, changed nor due for a check."
    )
    package static let requests = MetricFamily(
        "outreach_api_requests_total",
        .counter,
        "Requests to the provider's API by route and HTTP status; code is error without a response.",
        labels: ["endpoint", "code"]
    )
    package static let requestDuration = MetricFamily(
        "outreach_api_request_duration_seconds",
        .histogram,
        "Duration of requests to the provider's API.",
        labels: ["endpoint"]
    )
    package static let retries = MetricFamily(
        "outreach_api_retries_total",
        .counter,
        "Requests retried, by the reason for which the previous attempt failed.",
        labels: ["reason"]
    )
    package static let throttled = MetricFamily(
        "outreach_api_throttled_seconds_total",
        .counter,
        "Time that requests waited for the rate limiter, summed over all requests."
    )
    package static let corrections = MetricFamily(
        "outreach_collection_corrections_total",
        .counter,
        "Totals that decreased at the provider: by up to half they are held, by more they are passed on as a reset.",
        labels: ["action"]
    )
    package static let unknownValues = MetricFamily(
        "outreach_exporter_unknown_values_total",
        .counter,
        "Values in provider responses that this version does not know, by field.",
        labels: ["provider", "field"]
    )
    package static let droppedSeries = MetricFamily(
        "outreach_exporter_dropped_series_total",
        .counter,
        "Series dropped and label values shortened because of a limit, by reason, counted in every collection.",
        labels: ["reason"]
    )

    package static let all = [
        up, lastAttempt, lastSuccess, duration, interval, lastRequests, campaigns, campaignsDone, campaignsFailed,
        collections, failures, skipped, detailsFetched, detailsSkipped, requests, requestDuration, retries, throttled,
        corrections, unknownValues, droppedSeries,
    ]
}

/// The section of the page with the exporter's metrics about collection.
package struct CollectionSection: Section {
    private typealias Families = CollectionFamilies

    private let accounts: AccountRecords

    package init(_ accounts: AccountRecords) {
        self.accounts = accounts
    }

    package var version: UInt64 { accounts.version }

    package func changes() -> AsyncStream<UInt64> { accounts.changes() }

    package func write(to writer: inout ExpositionWriter) {
        let rows = accounts.records.map { Row(record: $0, labels: $0.status.account.labels) }
        writeStatus(rows, to: &writer)
        writeTotals(rows, to: &writer)
        writeRequests(rows, to: &writer)
        writeRest(rows, to: &writer)
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
        write(Families.detailsFetched, rows, to: &writer) { Double($0.counters.detailsFetched) }
        write(Families.detailsSkipped, rows, to: &writer) { Double($0.counters.detailsSkipped) }
    }

    private func writeRequests(_ rows: [Row], to writer: inout ExpositionWriter) {
        writer.open(Families.requests)
        for row in rows {
            for (endpoint, codes) in row.record.counters.requests.sorted(by: { $0.key < $1.key }) {
                let labels = row.labels.adding("endpoint", endpoint)
                for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
                    writer.sample(labels.adding("code", code), Double(count))
                }
            }
        }
        writer.open(Families.requestDuration)
        for row in rows {
            for (endpoint, histogram) in row.record.counters.durations.sorted(by: { $0.key < $1.key }) {
                writer.samples(row.labels.adding("endpoint", endpoint), histogram)
            }
        }
        write(Families.retries, rows, by: "reason", to: &writer, \.retries)
        write(Families.throttled, rows, to: &writer) { $0.counters.throttled.inSeconds }
    }

    private func writeRest(_ rows: [Row], to writer: inout ExpositionWriter) {
        write(Families.corrections, rows, by: "action", to: &writer, \.corrections)
        writer.open(Families.unknownValues)
        for (unknown, count) in accounts.unknownValues {
            writer.sample(Labels(["provider": unknown.provider, "field": unknown.field]), Double(count))
        }
        write(Families.droppedSeries, rows, by: "reason", to: &writer, \.dropped)
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
