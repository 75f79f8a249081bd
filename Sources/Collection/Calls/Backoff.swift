// SPDX-License-Identifier: Apache-2.0

/// How often and after which wait a failed request is made again.
enum Backoff {
    /// Retries behind the first attempt.
    static let retries = 4

    /// The longest wait before a retry that is not asked for by the provider: doubling from a second ("full jitter").
    static func ceiling(retry: Int) -> Duration {
        .seconds(min(30, 1 << min(max(retry, 1) - 1, 5)))
    }

    /// The wait before a retry, counted from 1; `nil` where another attempt cannot help.
    static func wait(after failure: CallFailure, retry: Int, jitter: Jitter) -> Duration? {
        guard failure.retryReason != nil, retry <= retries else { return nil }
        return failure.requestedWait ?? jitter.upTo(ceiling(retry: retry))
    }
}
