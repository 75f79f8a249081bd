// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// What is counted about the collection of one account since the process started.
package struct AccountCounters: Sendable, Hashable {
    /// Upper bounds of request durations in seconds: from "served from a cache" to beyond the usual time limit.
    ///
    /// None is a whole number, so that every format writes the `le` label alike.
    package static let durationBounds = [0.05, 0.15, 0.5, 1.5, 4.5, 13.5, 40.5]

    /// Requests by endpoint and `code`.
    package private(set) var requests: [String: [String: Int]] = [:]
    /// How long they took, by endpoint.
    package private(set) var durations: [String: Histogram] = [:]
    /// Retries by reason.
    package var retries: [String: Int] = [:]
    /// Time spent waiting for the limiter, all waiting requests together.
    package var throttled = Duration.zero
    /// Collections that ended, well or not.
    package var collections = 0
    /// Collections that failed.
    package var failures = 0
    /// Starts missed because a collection was still under way.
    package var skipped = 0
    /// Campaigns whose detail was asked for.
    package var detailsFetched = 0
    /// Campaigns whose detail was not asked for, because nothing had changed.
    package var detailsSkipped = 0
    /// Falls of a total that were held back.
    package var held = 0
    /// Falls of a total that were passed on.
    package var reset = 0
    /// Series left out and labels shortened, by reason.
    package private(set) var dropped: [String: Int] = [:]

    /// Requests of all endpoints and codes.
    package var allRequests: Int { requests.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Counts a request that ended.
    mutating func addRequest(_ endpoint: String, _ code: String, seconds: Double) {
        requests[endpoint, default: [:]][code, default: 0] += 1
        durations[endpoint, default: Histogram(bounds: Self.durationBounds)].observe(seconds)
    }

    /// Counts what was left out for a reason; a reason without any is not shown.
    mutating func addDropped(_ count: Int, _ reason: String) {
        if count > 0 { dropped[reason, default: 0] += count }
    }
}
