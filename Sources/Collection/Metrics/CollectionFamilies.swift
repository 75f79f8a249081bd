// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Every family that tells about collection itself, in the order of the page.
package enum CollectionFamilies {
    /// Whether accounts are up.
    package static let up = Family(
        "outreach_account_up",
        .gauge,
        "1 if the last finished collection of the account succeeded, 0 if it failed."
    )
    /// Starts of collections.
    package static let lastAttempt = Family(
        "outreach_collection_last_attempt_timestamp_seconds",
        .gauge,
        "When the last collection started, in seconds since the epoch."
    )
    /// Ends of successful collections.
    package static let lastSuccess = Family(
        "outreach_collection_last_success_timestamp_seconds",
        .gauge,
        "When the last successful collection ended, in seconds since the epoch."
    )
    /// Durations of collections.
    package static let duration = Family(
        "outreach_collection_duration_seconds",
        .gauge,
        "How long the last finished collection took."
    )
    /// Intervals.
    package static let interval = Family(
        "outreach_collection_interval_seconds",
        .gauge,
        "The configured time from the start of one collection to the start of the next."
    )
    /// Requests of a collection.
    package static let lastRequests = Family(
        "outreach_collection_requests",
        .gauge,
        "Requests that the last finished collection sent, retries included."
    )
    /// Campaigns of a collection.
    package static let campaigns = Family(
        "outreach_collection_campaigns",
        .gauge,
        "Campaigns that the current or last collection is about."
    )
    /// Progress of a collection.
    package static let campaignsDone = Family(
        "outreach_collection_campaigns_done",
        .gauge,
        "Campaigns that the current or last collection has dealt with; all of them when it is through."
    )
    /// Failed campaigns.
    package static let campaignsFailed = Family(
        "outreach_collection_campaigns_failed",
        .gauge,
        "Campaigns whose detail could not be fetched by the last collection."
    )
    /// Collections.
    package static let collections = Family(
        "outreach_collections_total",
        .counter,
        "Collections that ended, well or not."
    )
    /// Failed collections.
    package static let failures = Family("outreach_collection_failures_total", .counter, "Collections that failed.")
    /// Missed starts.
    package static let skipped = Family(
        "outreach_collections_skipped_total",
        .counter,
        "Starts of collections missed because the one before was still under way."
    )
    /// Details fetched.
    package static let detailsFetched = Family(
        "outreach_collection_details_fetched_total",
        .counter,
        "Campaigns whose detail was fetched because they were new, changed or due."
    )
    /// Details kept.
    package static let detailsSkipped = Family(
        "outreach_collection_details_skipped_total",
        .counter,
        "Campaigns whose detail was not fetched because nothing had changed."
    )
    /// Requests.
    package static let requests = Family(
        "outreach_api_requests_total",
        .counter,
        "Requests to the provider's API by route and status; code is error where no answer came.",
        labels: ["endpoint", "code"]
    )
    /// Durations of requests.
    package static let requestDuration = Family(
        "outreach_api_request_duration_seconds",
        .histogram,
        "How long requests to the provider's API took.",
        labels: ["endpoint"]
    )
    /// Retries.
    package static let retries = Family(
        "outreach_api_retries_total",
        .counter,
        "Requests made again, by the reason why the one before failed.",
        labels: ["reason"]
    )
    /// Time lost to the limiter.
    package static let throttled = Family(
        "outreach_api_throttled_seconds_total",
        .counter,
        "Time that requests spent waiting for the rate limiter, all waiting requests together."
    )
    /// Falls of counters.
    package static let corrections = Family(
        "outreach_collection_corrections_total",
        .counter,
        "Totals that fell at the provider: small falls are held, deep ones are passed on as a reset.",
        labels: ["action"]
    )
    /// Unknown values.
    package static let unknownValues = Family(
        "outreach_exporter_unknown_values_total",
        .counter,
        "Values from a provider that this version does not know, by field.",
        labels: ["provider", "field"]
    )
    /// Dropped series.
    package static let droppedSeries = Family(
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
