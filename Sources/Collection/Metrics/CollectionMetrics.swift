// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// Every family that tells about collection itself, in the order of the page.
package enum CollectionFamilies {
    /// Whether accounts are up.
    package static let up = MetricFamily(
        "outreach_account_up",
        .gauge,
        "1 if the last finished collection of the account succeeded, 0 if it failed."
    )
    /// Starts of collections.
    package static let lastAttempt = MetricFamily(
        "outreach_collection_last_attempt_timestamp_seconds",
        .gauge,
        "When the last collection started, in seconds since the epoch."
    )
    /// Ends of successful collections.
    package static let lastSuccess = MetricFamily(
        "outreach_collection_last_success_timestamp_seconds",
        .gauge,
        "When the last successful collection ended, in seconds since the epoch."
    )
    /// Durations of collections.
    package static let duration = MetricFamily(
        "outreach_collection_duration_seconds",
        .gauge,
        "How long the last finished collection took."
    )
    /// Intervals.
    package static let interval = MetricFamily(
        "outreach_collection_interval_seconds",
        .gauge,
        "The configured time from the start of one collection to the start of the next."
    )
    /// Requests of a collection.
    package static let lastRequests = MetricFamily(
        "outreach_collection_requests",
        .gauge,
        "Requests that the last finished collection sent, retries included."
    )
    /// Campaigns of a collection.
    package static let campaigns = MetricFamily(
        "outreach_collection_campaigns",
        .gauge,
        "Campaigns that the current or last collection is about."
    )
    /// Progress of a collection.
    package static let campaignsDone = MetricFamily(
        "outreach_collection_campaigns_done",
        .gauge,
        "Campaigns that the current or last collection has dealt with; all of them when it is through."
    )
    /// Failed campaigns.
    package static let campaignsFailed = MetricFamily(
        "outreach_collection_campaigns_failed",
        .gauge,
        "Campaigns whose detail could not be fetched by the last collection."
    )
    /// Collections.
    package static let collections = MetricFamily(
        "outreach_collections_total",
        .counter,
        "Collections that ended, well or not."
    )
    /// Failed collections.
    package static let failures = MetricFamily(
        "outreach_collection_failures_total",
        .counter,
        "Collections that failed."
    )
    /// Missed starts.
    package static let skipped = MetricFamily(
        "outreach_collections_skipped_total",
        .counter,
        "Starts of collections missed because the one before was still under way."
    )
    /// Details fetched.
    package static let detailsFetched = MetricFamily(
        "outreach_collection_details_fetched_total",
        .counter,
        "Campaigns whose detail was fetched because they were new, changed or due."
    )
    /// Details kept.
    package static let detailsSkipped = MetricFamily(
        "outreach_collection_details_skipped_total",
        .counter,
        "Campaigns whose detail was not fetched because nothing had changed."
    )
    /// Requests.
    package static let requests = MetricFamily(
        "outreach_api_requests_total",
        .counter,
        "Requests to the provider's API by route and status; code is error where no answer came.",
        labels: ["endpoint", "code"]
    )
    /// Durations of requests.
    package static let requestDuration = MetricFamily(
        "outreach_api_request_duration_seconds",
        .histogram,
        "How long requests to the provider's API took.",
        labels: ["endpoint"]
    )
    /// Retries.
    package static let retries = MetricFamily(
        "outreach_api_retries_total",
        .counter,
        "Requests made again, by the reason why the one before failed.",
        labels: ["reason"]
    )
    /// Time lost to the limiter.
    package static let throttled = MetricFamily(
        "outreach_api_throttled_seconds_total",
        .counter,
        "Time that requests spent waiting for the rate limiter, all waiting requests together."
    )
    /// Falls of counters.
    package static let corrections = MetricFamily(
        "outreach_collection_corrections_total",
        .counter,
        "Totals that fell at the provider: small falls are held, deep ones are passed on as a reset.",
        labels: ["action"]
    )
    /// Unknown values.
    package static let unknownValues = MetricFamily(
        "outreach_exporter_unknown_values_total",
        .counter,
        "Values from a provider that this version does not know, by field.",
        labels: ["provider", "field"]
    )
    /// Dropped series.
    package static let droppedSeries = MetricFamily(
        "outreach_exporter_dropped_series_total",
        .counter,
        "Series left out in collections, and labels shortened, by reason.",
        labels: ["reason"]
    )

    /// All of them.
    package static let all = [
        up, lastAttempt, lastSuccess, duration, interval, lastRequests, campaigns, campaignsDone, campaignsFailed,
        collections, failures, skipped, detailsFetched, detailsSkipped, requests, requestDuration, retries, throttled,
        corrections, unknownValues, droppedSeries,
    ]
}

/// The part of the page that tells about collection itself.
package struct CollectionSection: Section {
    private typealias Families = CollectionFamilies

    private let accounts: AccountRecords

    /// Tells about the accounts of these records.
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

    /// One sample per account that has a value.
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

    /// One sample per account and key.
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

    /// A record and the labels that its series share.
    private struct Row {
        let record: AccountRecords.Record
        let labels: Labels
    }
}

extension AccountStatus.State {
    /// The value of `outreach_account_up`: none before there is something to tell.
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
