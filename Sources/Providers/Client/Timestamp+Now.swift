// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Outreach

extension Timestamp {
    /// The moment by the machine's clock.
    static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    /// The day in UTC: `2026-08-21`.
    var day: String { Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day()) }
}
