// SPDX-License-Identifier: Apache-2.0

/// Where a campaign stands, in words common to all providers; the raw value is the `status` label.
package enum CampaignStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case draft
    case active
    case paused
    case completed
    case archived
    case runningSubsequences = "running_subsequences"
    case accountSuspended = "account_suspended"
    case accountsUnhealthy = "accounts_unhealthy"
    case bounceProtect = "bounce_protect"
    case error
    /// A code that this version does not know.
    case unknown
}
