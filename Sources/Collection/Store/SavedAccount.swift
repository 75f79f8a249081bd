// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// An account's data as an archive keeps it: enough to show the same again, and no counter falling.
package struct SavedAccount: Sendable, Hashable, Codable {
    /// The format that this version writes and reads.
    package static let currentFormat = 1

    /// The format it was written in.
    package var format = currentFormat
    /// Whose data this is.
    package let account: Account
    /// The configuration it was collected under: under another one every detail is fetched anew.
    package let identity: String
    /// What the last finished collection said.
    package var state: AccountStatus.State
    /// When the last collection started.
    package var lastAttempt: Timestamp?
    /// When the last successful collection ended.
    package var lastSuccess: Timestamp?
    /// When the last complete listing was asked for.
    var listed: Timestamp?
    var campaigns: [SavedCampaign]
    var mailboxes: MailboxGroup?
    var mailboxesFetched: Timestamp?
    var domainChecks: [DomainCheck]?
    var domainChecksFetched: Timestamp?
    var marks: CounterMarks

    /// A campaign with its detail.
    struct SavedCampaign: Sendable, Hashable, Codable {
        var row: ListedCampaign
        var detail: Campaign?
        /// The row at the time of the detail; `nil` where it is the row.
        var detailRow: ListedCampaign?
        var fetched: Timestamp?
        var confirmed: Timestamp?
        /// `nil` where that was when it was fetched.
        var looked: Timestamp?
        /// `nil` for none.
        var quietLooks: Int?
    }
}
