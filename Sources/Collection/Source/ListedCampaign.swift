// SPDX-License-Identifier: Apache-2.0

package import Outreach

/// A row of the campaign listing.
package struct ListedCampaign: Sendable, Hashable, Codable {
    /// What the listing alone tells.
    package let campaign: Campaign
    /// Whatever else in the row moves when the campaign's detail moved: a time of update, counters not exported.
    package let revision: String

    /// Describes a row.
    package init(_ campaign: Campaign, revision: String = "") {
        self.campaign = campaign
        self.revision = revision
    }
}
