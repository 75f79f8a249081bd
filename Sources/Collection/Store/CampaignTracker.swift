// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Every campaign of an account since its last complete listing.
struct CampaignTracker: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    /// The campaigns by id.
    private(set) var campaigns: [String: TrackedCampaign] = [:]
    /// When the last complete listing was asked for.
    private(set) var listed: Instant?

    /// Starts empty.
    init() {}

    /// Takes up where an earlier run ended.
    init(_ campaigns: [String: TrackedCampaign], listed: Instant?) {
        self.campaigns = campaigns
        self.listed = listed
    }

    /// The campaigns whose detail could not be fetched the last time.
    var failures: [APIError] {
        campaigns.sorted { $0.key < $1.key }.compactMap(\.value.failure).filter { $0 != .gone }
    }

    /// Takes over a complete listing: what is absent from it exists no more.
    mutating func list(_ rows: [ListedCampaign], at moment: Instant, confirmsDetail: Bool) {
        var listed: [String: TrackedCampaign] = [:]
        for row in rows {
            var campaign = campaigns[row.campaign.id] ?? TrackedCampaign(row)
            campaign.list(row, at: moment, confirmsDetail: confirmsDetail)
            listed[row.campaign.id] = campaign
        }
        campaigns = listed
        self.listed = moment
    }

    /// The campaigns to fetch at a moment: those that are due and those whose turn it is, never fetched ones first, then
    /// from the oldest detail on.
    func due(_ policy: DetailPolicy, at now: Instant) -> [String] {
        let turns = Set(Self.oldestFirst(campaigns).prefix(policy.turns(of: campaigns.count)))
        return Self.oldestFirst(
            campaigns.filter { id, campaign in
                policy.isDue(campaign, at: now) || turns.contains(id) && policy.mayRefresh(campaign, at: now)
            }
        )
    }

    private static func oldestFirst(_ campaigns: [String: TrackedCampaign]) -> [String] {
        campaigns.sorted { left, right in
            switch (left.value.detail?.fetched, right.value.detail?.fetched) {
            case (nil, _?): true
            case (_?, nil): false
            case (let first?, let second?) where first != second: first < second
            default: left.key < right.key
            }
        }
        .map(\.key)
    }

    /// The details that nothing speaks against, those that have been quiet for equally long beside each other: what
    /// moved together will rather move together again.
    var currentDetails: [Campaign] {
        campaigns.values.filter(\.isCurrent).compactMap(\.detail)
            .sorted { ($0.quietLooks, $0.campaign.id) < ($1.quietLooks, $1.campaign.id) }
            .map(\.campaign)
    }

    /// Takes over what a look at groups of campaigns found.
    mutating func noteLook(unmoved: [String], moved: [String], at moment: Instant) {
        for id in unmoved { campaigns[id]?.noteLook(moved: false, at: moment) }
        for id in moved { campaigns[id]?.noteLook(moved: true, at: moment) }
    }

    /// Whether the newest details of all these campaigns brought no news.
    func areQuiet(_ ids: [String]) -> Bool {
        ids.allSatisfy { campaigns[$0]?.detail.map { $0.quietLooks > 0 } ?? false }
    }

    /// Takes over what a detail call said about a campaign.
    mutating func complete(_ id: String, with result: Result<Campaign, APIError>, at moment: Instant) {
        switch result {
        case .success(let campaign): campaigns[id]?.complete(with: campaign, at: moment)
        case .failure(.cancelled): break
        case .failure(let failure): campaigns[id]?.fail(failure)
        }
    }

    /// The campaigns as far as they were true since a moment.
    func campaigns(trueSince oldest: Instant) -> [Campaign] {
        guard let listed, listed > oldest else { return [] }
        return campaigns.values.compactMap { $0.campaign(trueSince: oldest) }
    }

    /// Whether some campaign's detail, once there, was true before a moment but not since.
    func hasDetails(notTrueSince oldest: Instant) -> Bool {
        campaigns.values.contains { campaign in campaign.detail.map { $0.confirmed <= oldest } ?? false }
    }

    /// The moments since which its parts are known to be true.
    var confirmations: [Instant] {
        (listed.map { [$0] } ?? []) + campaigns.values.compactMap(\.detail?.confirmed)
    }
}

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
    private(set) var failure: APIError?
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
    mutating func fail(_ failure: APIError) {
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
