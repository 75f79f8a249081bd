// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// Every campaign of an account since its last complete listing.
struct CampaignBook: Sendable {
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
    var failures: [CallFailure] {
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
    mutating func complete(_ id: String, with result: Result<Campaign, CallFailure>, at moment: Instant) {
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
