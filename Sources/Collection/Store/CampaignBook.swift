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

    /// The campaigns to fetch at a moment: those never fetched first, then from the oldest detail on.
    ///
    /// Those that are due, and where they are few the oldest of the others.
    func due(_ policy: DetailPolicy, at now: Instant) -> [String] {
        let due = campaigns.filter { policy.isDue($0.value, at: now) }
        let others = campaigns.filter { due[$0.key] == nil && policy.mayRefresh($0.value, at: now) }
        let turns = max(0, policy.turns(of: campaigns.count) - due.count)
        return Self.oldestFirst(due) + Self.oldestFirst(others).prefix(turns)
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
