// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The rows of a listing that are collected.
struct Selection: Sendable {
    /// The rows within the limit.
    let kept: [ListedCampaign]
    /// The rows beyond it.
    let dropped: [ListedCampaign]

    /// Selects rows; within the limit campaigns already known come first, so that the choice does not move with the
    /// order of the listing.
    init(
        _ rows: [ListedCampaign],
        limit: Int,
        isKnown: (String) -> Bool,
        selects: (Campaign) -> Bool
    ) {
        let selected = rows.filter { selects($0.campaign) }
        guard selected.count > limit else {
            kept = selected
            dropped = []
            return
        }
        let ranked = selected.filter { isKnown($0.campaign.id) } + selected.filter { !isKnown($0.campaign.id) }
        kept = Array(ranked.prefix(limit))
        dropped = Array(ranked.dropFirst(limit))
    }

    /// Series that the dropped rows would have had.
    var droppedSeries: Int {
        dropped.reduce(0) { sum, row in
            let campaign = row.campaign
            return sum + campaign.measures.count + campaign.leadsByStatus.count
                + (campaign.name == nil ? 0 : 1) + (campaign.status == nil ? 0 : 1)
        }
    }
}
