// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import HTTPClient
internal import Outreach

extension RequestQuota {
    /// The longest time of a quota that is believed: the longest that a provider documents.
    private static let longest = 3_600.0
    /// Greater numbers are seconds since the epoch, not seconds from now.
    private static let leastEpoch = 1e9

    /// Reads `X-RateLimit-Remaining` and `X-RateLimit-Reset`; `nil` without both, or with a reset that is no number.
    ///
    /// A reset since the epoch is compared with the server's own `Date`: clocks differ.
    init?(_ response: HTTPResponse, now: Timestamp) {
        guard let remaining = response.header("x-ratelimit-remaining").flatMap({ Int($0) }), remaining >= 0,
            let reset = response.header("x-ratelimit-reset").flatMap({ Double($0) })
        else { return nil }
        let clock = response.header("date").flatMap(Duration.date) ?? now.seconds
        let seconds = reset > Self.leastEpoch ? reset - clock : reset
        guard (0...Self.longest).contains(seconds) else { return nil }
        self.init(remaining: remaining, reset: .seconds(seconds))
    }
}
