// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// The families about the exporter and its page.
enum ExporterFamilies {
    static let buildInfo = Family(
        "outreach_exporter_build_info",
        .info,
        "Version, revision and compiler of the running exporter.",
        labels: ["version", "revision", "swift_version"]
    )
    static let httpRequests = Family(
        "outreach_exporter_http_requests_total",
        .counter,
        "HTTP requests answered, by endpoint and status.",
        labels: ["handler", "code"]
    )
    static let reloadSuccessful = Family(
        "outreach_exporter_config_last_reload_successful",
        .gauge,
        "1 if the last reading of the configuration succeeded, 0 if it failed."
    )
    static let reloadSuccessTime = Family(
        "outreach_exporter_config_last_reload_success_timestamp_seconds",
        .gauge,
        "When the configuration was last read successfully, in seconds since the epoch."
    )

    /// All of them, in the order of the page.
    static let all = [buildInfo, reloadSuccessful, reloadSuccessTime, httpRequests]
}
