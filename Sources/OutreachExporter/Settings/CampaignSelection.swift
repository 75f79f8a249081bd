// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Which of an account's campaigns are collected.
struct CampaignSelection: Sendable, Hashable {
    /// Regular expressions of which a campaign's name must contain one; empty admits every name.
    var include: [String] = []
    /// Regular expressions of which a campaign's name may contain none.
    var exclude: [String] = []
    /// The statuses admitted; empty admits every status.
    var statuses: Set<CampaignStatus> = []
    /// The most campaigns; `nil` is no limit.
    var limit: Int? = 5000
}
