// SPDX-License-Identifier: Apache-2.0

/// Which campaigns need their detail fetched: effort follows change.
///
/// Two things make a detail due that nobody changed: its age, and its turn. The turn spreads the hourly refresh evenly
/// over the cycles of the hour, the oldest first, so that no cycle is a burst. A refresh costs `interval / maxAge` of a
/// full sweep in every cycle whatever changes: a twelfth at five minutes, a sixtieth at one minute.
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

    /// Whether a campaign that is not due may be refreshed in its turn: its detail is of an earlier cycle.
    func mayRefresh(_ campaign: TrackedCampaign, at now: ContinuousClock.Instant) -> Bool {
        campaign.detail.map { now - $0.fetched > interval / 2 } ?? false
    }

    /// How many of so many campaigns a cycle fetches at least, so that all had their turn before they are too old.
    func turns(of count: Int) -> Int {
        guard maxAge > interval else { return count }
        return Int((Double(count) * (interval / (maxAge - interval))).rounded(.up))
    }
}
