// SPDX-License-Identifier: Apache-2.0

/// The gate that every request of an account passes: limiter, slot, attempt, retry.
package struct CallGate: Sendable {
    /// Opens a gate without limits.
    package init() {}

    /// Makes a call, again where that can heal.
    ///
    /// - Parameters:
    ///   - endpoint: the route pattern, without ids: `/api/v2/campaigns/analytics/steps`.
    ///   - attempt: sends the request once and tells failures apart.
    /// - Throws: the last attempt's failure.
    package func call(
        _ endpoint: String,
        attempt: @Sendable () async throws(CallFailure) -> Reply
    ) async throws(CallFailure) -> Reply {
        try await attempt()
    }
}
