// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// A campaign as its account's book keeps it: the newest row of the listing and the newest detail.
struct TrackedCampaign: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// What the expensive calls told, and when.
    struct Detail: Sendable {
        /// What they told.
        let campaign: Campaign
        /// The row of the listing at that time.
        let row: ListedCampaign
        /// When they told it.
        let fetched: Instant
        /// When it was last known to be true: then, or at a later listing in which the row had not changed.
        var confirmed: Instant
        /// When it was last looked at: fetched, or found unmoved with its group.
        var looked: Instant
        /// Looks in a row that brought no news.
        var quietLooks: Int
    }

    /// The row of the last complete listing.
    private(set) var row: ListedCampaign
    /// The newest detail.
    private(set) var detail: Detail?
    /// Why the last try to fetch the detail failed; `nil` after a success.
    private(set) var failure: CallFailure?
    /// Whether the detail was fetched under another configuration: shown, but not relied on.
    private var isForeign = false
    /// Whether a look found that the detail moved though the row did not.
    private var isOutdated = false

    /// Starts with a row of the listing.
    init(_ row: ListedCampaign) {
        self.row = row
    }

    /// Takes up where an earlier run ended.
    init(_ row: ListedCampaign, detail: Detail?, isForeign: Bool) {
        self.row = row
        self.detail = detail
        self.isForeign = isForeign
    }

    /// Whether the row changed since the detail was fetched.
    var hasChanged: Bool { detail?.row != row }

    /// Whether the detail is the one that belongs to the row.
    var isCurrent: Bool { !isForeign && !isOutdated && !hasChanged && failure == nil }

    /// Takes over the row of a complete listing.
    ///
    /// An unchanged row says that the detail still holds, where rows show that.
    mutating func list(_ row: ListedCampaign, at moment: Instant, confirmsDetail: Bool) {
        self.row = row
        if confirmsDetail, !isForeign, !hasChanged { detail?.confirmed = moment }
    }

    /// Takes over a detail that was asked for at a moment.
    mutating func complete(with campaign: Campaign, at moment: Instant) {
        let isNews = hasChanged || detail?.campaign != campaign
        detail = Detail(
            campaign: campaign,
            row: row,
            fetched: moment,
            confirmed: moment,
            looked: moment,
            quietLooks: isNews ? 0 : (detail?.quietLooks ?? 0) + 1
        )
        failure = nil
        isForeign = false
        isOutdated = false
    }

    /// Takes over what a look at its group at a moment found.
    mutating func noteLook(moved: Bool, at moment: Instant) {
        if moved {
            isOutdated = true
            detail?.quietLooks = 0
        } else {
            detail?.looked = moment
            detail?.quietLooks += 1
        }
    }

    /// Notes that the detail could not be fetched.
    mutating func fail(_ failure: CallFailure) {
        self.failure = failure
    }

    /// The whole campaign as far as it was true since a moment; `nil` where the provider says that it is gone.
    ///
    /// Where row and detail tell the same number, the later one counts.
    func campaign(trueSince oldest: Instant) -> Campaign? {
        if failure == .gone { return nil }
        guard let detail, detail.confirmed > oldest else { return row.campaign }
        return hasChanged ? detail.campaign.completed(by: row.campaign) : row.campaign.completed(by: detail.campaign)
    }
}
