// SPDX-License-Identifier: Apache-2.0

/// Which campaigns need their detail fetched: effort follows change.
///
/// A listing rarely shows everything. So a campaign is looked at even where its row stands still: in the cycle behind
/// one that brought news, and from then on at twice the time with every look that brings none, up to an hour. A look
/// is a fetch, or word that nothing moved in a whole group of campaigns.
///
/// On top a cycle refreshes the oldest details in their turn, so that none of it comes as a burst.
struct DetailPolicy: Sendable {
    /// The longest time from one look at a campaign to the next.
    static let longestPatience = Duration.seconds(3600)
    /// Campaigns that a cycle can fetch beside what moved without anybody noticing: few enough to look at every one.
    static let spareTurns = 25

    /// Whether rows of the listing show that details moved.
    let listingShowsChange: Bool
    /// Whether every cycle has word of all campaigns, group by group.
    var looksAtGroups = false
    /// The time from cycle to cycle.
    let interval: Duration

    /// The age that no detail exceeds: an hour, a day where groups vouch for it meanwhile.
    var maxAge: Duration { looksAtGroups ? .seconds(86_400) : Self.longestPatience }

    /// Whether a campaign is due: new, moved, failed the last time, not looked at for too long, or too old before the
    /// next cycle comes.
    func isDue(_ campaign: TrackedCampaign, at now: ContinuousClock.Instant) -> Bool {
        guard listingShowsChange, campaign.isCurrent, let detail = campaign.detail else { return true }
        return now - detail.looked > patience(detail.quietLooks) || now - detail.fetched > maxAge - interval
    }

    /// How long a campaign is left alone, to the nearest cycle, behind so many looks in a row that brought no news.
    func patience(_ quietLooks: Int) -> Duration {
        let doubled = interval * (1 << min(quietLooks, 16)) - interval / 2
        return min(doubled, Self.longestPatience - interval)
    }

    /// Whether a campaign that is not due may be refreshed in its turn: its detail is of an earlier cycle.
    func mayRefresh(_ campaign: TrackedCampaign, at now: ContinuousClock.Instant) -> Bool {
        campaign.detail.map { now - $0.fetched > interval / 2 } ?? false
    }

    /// How many of the oldest of so many campaigns have their turn in a cycle, so that none grows too old.
    func turns(of count: Int) -> Int {
        guard maxAge > interval else { return count }
        let needed = Int((Double(count) * (interval / (maxAge - interval))).rounded(.up))
        return looksAtGroups ? needed : max(needed, min(count, Self.spareTurns))
    }
}
