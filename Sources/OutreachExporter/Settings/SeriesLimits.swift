// SPDX-License-Identifier: Apache-2.0

/// What one account may put on the page; `nil` is no limit.
struct SeriesLimits: Sendable, Hashable {
    /// The most series of one account.
    var seriesPerAccount: Int?
    /// The longest label value, in bytes of UTF-8.
    var labelValueLength: Int?
}
