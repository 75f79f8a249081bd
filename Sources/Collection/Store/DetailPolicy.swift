// SPDX-License-Identifier: Apache-2.0

/// Which campaigns need their detail fetched: effort follows change.
struct DetailPolicy: Sendable {
    /// Whether rows of the listing show that details moved.
    let listingShowsChange: Bool
    /// The time from cycle to cycle.
    let interval: Duration
    /// The age that no detail exceeds.
    var maxAge = Duration.seconds(3600)

    /// Whether a campaign is due: new, changed, too old before the next cycle comes, or failed the last time.
    func isDue(_ campaign: TrackedCampaign, at now: ContinuousClock.Instant) -> Bool {
        guard listingShowsChange, campaign.isCurrent, let detail = campaign.detail else { return true }
        return now - detail.fetched > maxAge - interval
    }
}
