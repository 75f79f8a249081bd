// SPDX-License-Identifier: Apache-2.0

package import Exposition
internal import Outreach

/// The metric families about collection itself; their help says what each one means.
package enum CollectionFamilies {
    package static let accountInfo = MetricFamily(
        info: "outreach_account_info",
        "The client that the account works for, empty if the configuration names none, to join to its other series.",
        labels: ["client"]
    )
    package static let accountLabel = MetricFamily(
        gauge: "outreach_account_label",
        "1 for each label that the configuration gives the account.",
        labels: ["label"]
    )
    package static let costPerMonth = MetricFamily(
        gauge: "outreach_account_cost_per_month",
        "What the account costs per month, from the configuration.",
        labels: ["currency"]
    )

    package static let up = MetricFamily(
        gauge: "outreach_account_up",
        "1 if the last finished collection of the account succeeded, 0 if it failed; none before the first one."
    )
    package static let lastAttempt = MetricFamily(
        gauge: "outreach_collection_last_attempt_timestamp_seconds",
        "When the last collection started, in seconds since the epoch."
    )
    package static let lastSuccess = MetricFamily(
        gauge: "outreach_collection_last_success_timestamp_seconds",
        "When the last successful collection ended, in seconds since the epoch."
    )
    package static let duration = MetricFamily(
        gauge: "outreach_collection_duration_seconds",
        "Duration of the last finished collection."
    )
    package static let interval = MetricFamily(
        gauge: "outreach_collection_interval_seconds",
        "The configured time from the start of one collection to the start of the next."
    )
    package static let lastRequests = MetricFamily(
        gauge: "outreach_collection_requests",
        "Requests that the last finished collection sent, retries included."
    )
    package static let campaigns = MetricFamily(
        gauge: "outreach_collection_campaigns",
        "Campaigns in the current or last collection: listed, selected and within the campaign limit."
    )
    package static let campaignsDone = MetricFamily(
        gauge: "outreach_collection_campaigns_done",
        "Campaigns of the current or last collection that are done: not due, fetched or failed."
    )
    package static let campaignsFailed = MetricFamily(
        gauge: "outreach_collection_campaigns_failed",
        "Campaigns whose detail the last collection could not fetch."
    )
    package static let collections = MetricFamily(
        counter: "outreach_collections_total",
        "Collections that finished, failed ones included."
    )
    package static let failures = MetricFamily(
        counter: "outreach_collection_failures_total",
        "Collections that failed."
    )
    package static let skipped = MetricFamily(
        counter: "outreach_collections_skipped_total",
        "Starts of collections missed because the previous one was still running."
    )
    package static let detailsFetched = MetricFamily(
        counter: "outreach_collection_details_fetched_total",
        "Details requested, of campaigns that were new, changed or due for a check."
    )
    package static let detailsSkipped = MetricFamily(
        counter: "outreach_collection_details_skipped_total",
        "Details not requested, of campaigns that were neither new, changed nor due for a check."
    )
    package static let requests = MetricFamily(
        counter: "outreach_api_requests_total",
        "Requests to the provider's API by route and HTTP status; code is error without a response.",
        labels: ["route", "code"]
    )
    package static let requestDuration = MetricFamily(
        "outreach_api_request_duration_seconds",
        .histogram,
        "Duration of requests to the provider's API.",
        labels: ["route"]
    )
    package static let retries = MetricFamily(
        counter: "outreach_api_retries_total",
        "Requests retried, by the reason for which the previous attempt failed.",
        labels: ["reason"]
    )
    package static let throttled = MetricFamily(
        counter: "outreach_api_throttled_seconds_total",
        "Time that requests waited for the rate limiter, summed over all requests."
    )
    package static let corrections = MetricFamily(
        counter: "outreach_collection_corrections_total",
        "Totals that decreased at the provider: by up to half they are held, by more they are passed on as a reset.",
        labels: ["action"]
    )
    package static let countersHeld = MetricFamily(
        gauge: "outreach_account_counters_held",
        "Counters held at the moment above the provider's total, which decreased; 0 when the totals have caught up."
    )
    package static let unknownValues = MetricFamily(
        counter: "outreach_exporter_unknown_values_total",
        "Values in provider responses that this version does not know, by field.",
        labels: ["provider", "field"]
    )
    package static let unusableValues = MetricFamily(
        counter: "outreach_exporter_unusable_values_total",
        "Values in provider responses that their metric cannot have, by route and field: negative, too large, no number, "
            + "a fraction of a count.",
        labels: ["provider", "route", "field"]
    )
    package static let droppedSeries = MetricFamily(
        counter: "outreach_exporter_dropped_series_total",
        "Series dropped and label values shortened because of a limit, by reason, counted each time that it happens.",
        labels: ["reason"]
    )
    package static let missingFields = MetricFamily(
        gauge: "outreach_exporter_missing_fields",
        "1 while no row of a provider's response has a field that the exporter reads, 0 after the field came back.",
        labels: ["provider", "route", "field"]
    )

    package static let partUp = MetricFamily(
        gauge: "outreach_collection_part_up",
        "1 if the last requests for this part of the account succeeded, at least in part, 0 if they failed or were refused.",
        labels: ["part"]
    )
    package static let partRefused = MetricFamily(
        gauge: "outreach_collection_part_refused",
        "1 while the provider refuses this part of the account to the API key, else 0; it is requested again every hour.",
        labels: ["part"]
    )
    package static let partLastSuccess = MetricFamily(
        gauge: "outreach_collection_part_last_success_timestamp_seconds",
        "When this part of the account was last fetched, at least in part, in seconds since the epoch.",
        labels: ["part"]
    )
    package static let partFailures = MetricFamily(
        counter: "outreach_collection_part_failures_total",
        "Fetches of this part of the account that failed, at least in part.",
        labels: ["part"]
    )

    /// The families without the label `account`.
    package static let ofProviders = [unknownValues, unusableValues, missingFields]

    package static let all = [
        accountInfo, accountLabel, costPerMonth,
        up, lastAttempt, lastSuccess, duration, interval, lastRequests, campaigns, campaignsDone, campaignsFailed,
        collections, failures, skipped, partUp, partRefused, partLastSuccess, partFailures, detailsFetched,
        detailsSkipped, requests, requestDuration, retries, throttled, corrections, countersHeld, unknownValues,
        unusableValues, missingFields, droppedSeries,
    ]
}
