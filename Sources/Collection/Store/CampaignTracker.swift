// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The campaigns of an account's last complete listing, with their details.
struct CampaignTracker: Sendable {
    private(set) var campaigns: [String: TrackedCampaign] = [:]
    /// When the last complete listing was requested; `nil` before the first one.
    private(set) var listed: Instant?

    /// The campaigns whose last detail request failed, at least in part, in the order of their ids; `gone` is no failure.
    var failures: [(id: String, error: APIError, isPartial: Bool)] {
        campaigns.sorted { $0.key < $1.key }.compactMap { id, campaign in
            campaign.failure.flatMap { $0 == .gone ? nil : (id, $0, campaign.isPartial) }
        }
    }

    /// Records a complete listing; campaigns that are not in it are removed.
    mutating func list(_ rows: [ListedCampaign], at asked: Instant, confirmsDetail: Bool) {
        var listed: [String: TrackedCampaign] = [:]
        for row in rows {
            var campaign = campaigns[row.campaign.id] ?? TrackedCampaign(row)
            campaign.list(row, at: asked, confirmsDetail: confirmsDetail)
            listed[row.campaign.id] = campaign
        }
        campaigns = listed
        self.listed = asked
    }

    /// The ids of the campaigns whose detail this cycle fetches: those without detail first, then the oldest details.
    func due(_ policy: DetailPolicy, at now: Instant) -> [String] {
        let byAge = campaigns.oldestFirst { $0.detail?.fetched }
        let oldest = Set(byAge.prefix(policy.refreshCount(of: campaigns.count)))
        return byAge.filter { id in
            guard let campaign = campaigns[id] else { return false }
            return policy.isDue(campaign, at: now) || oldest.contains(id) && policy.mayRefresh(campaign, at: now)
        }
    }

    /// The details that are current, for a probe.
    ///
    /// Campaigns that have been unchanged for equally long are neighbours: those that changed together will more likely
    /// change together again, and then fewer groups are affected.
    var currentDetails: [Campaign] {
        campaigns.values.filter(\.isCurrent).compactMap(\.detail)
            .sorted { ($0.unchangedChecks, $0.campaign.id) < ($1.unchangedChecks, $1.campaign.id) }
            .map(\.campaign)
    }

    mutating func recordProbe(unchanged: [String], changed: [String], at asked: Instant) {
        for id in unchanged { campaigns[id]?.recordProbe(isChanged: false, at: asked) }
        for id in changed { campaigns[id]?.recordProbe(isChanged: true, at: asked) }
    }

    /// Whether the last fetch of each of these campaigns returned the detail that was known before.
    func areUnchanged(_ ids: [String]) -> Bool {
        ids.allSatisfy { campaigns[$0]?.detail.map { $0.unchangedChecks > 0 } ?? false }
    }

    /// Records the result of a detail request; `missing` is the error of a further request without whose response the
    /// detail lacks steps.
    mutating func complete(
        _ id: String,
        with result: Result<Campaign, APIError>,
        missing: APIError? = nil,
        at asked: Instant
    ) {
        switch result {
        case .success(let campaign): campaigns[id]?.complete(with: campaign, missing: missing, at: asked)
        case .failure(.cancelled): break
        case .failure(let failure): campaigns[id]?.fail(failure)
        }
    }

    /// The campaigns, as far as they are known to have been true at some time after `oldest`.
    ///
    /// A campaign that has sent nothing yet starts at 0, so that Prometheus sees the first event. `hasCounted` tells whether
    /// a campaign was ever published with a higher value: numbers that go missing later are not 0.
    func campaigns(trueSince oldest: Instant, hasCounted: (String) -> Bool = { _ in false }) -> [Campaign] {
        guard let listed, listed > oldest else { return [] }
        return campaigns.compactMap { id, campaign in
            campaign.campaign(trueSince: oldest, hasCounted: campaign.row.isUnsent == true && hasCounted(id))
        }
    }

    /// Whether a campaign has a detail that was not confirmed after `oldest`.
    func hasDetails(notTrueSince oldest: Instant) -> Bool {
        campaigns.values.contains { campaign in campaign.detail.map { $0.confirmed <= oldest } ?? false }
    }

    /// When the listing and each detail were last known to be true.
    var confirmations: [Instant] {
        (listed.map { [$0] } ?? []) + campaigns.values.compactMap(\.detail?.confirmed)
    }
}

/// A campaign's row of the last listing and its last detail.
struct TrackedCampaign: Sendable {
    struct Detail: Sendable {
        let campaign: Campaign
        /// The row of the listing when the detail was fetched.
        let row: ListedCampaign
        let fetched: Instant
        /// When it was last known to be true: when fetched, or at a later listing with an unchanged row.
        var confirmed: Instant
        /// When it was last checked for change: when fetched, or at a later probe.
        var checked: Instant
        /// Consecutive checks that found no change.
        var unchangedChecks: Int
        /// When the steps were requested, if their last request failed and these are older than the rest.
        var stepsFetched: Instant?
    }

    private(set) var row: ListedCampaign
    private(set) var detail: Detail?
    /// The error of the last detail request, or of a part of it; `nil` after a success.
    private(set) var failure: APIError?
    /// Whether the last detail request returned a detail despite its error.
    private(set) var isPartial = false
    /// Whether the detail was fetched under the present configuration; if not, it is published, but due.
    private var sameConfiguration = true
    /// Whether a probe found that the detail changed though the row did not.
    private var isOutdated = false

    init(_ row: ListedCampaign) {
        self.row = row
    }

    init(_ row: ListedCampaign, detail: Detail?, sameConfiguration: Bool) {
        self.row = row
        self.detail = detail
        self.sameConfiguration = sameConfiguration
    }

    /// Whether the row changed after the detail was fetched, or there is no detail.
    var hasChanged: Bool { detail?.row != row }

    /// Whether nothing indicates that the detail has changed.
    var isCurrent: Bool { sameConfiguration && !isOutdated && !hasChanged && failure == nil }

    /// Records the row of a complete listing; an unchanged one confirms the detail if the provider's rows show change.
    mutating func list(_ row: ListedCampaign, at asked: Instant, confirmsDetail: Bool) {
        self.row = row
        if confirmsDetail, sameConfiguration, !hasChanged { detail?.confirmed = asked }
    }

    /// Records a detail; without the steps that `missing` is the error of, the last ones stay.
    mutating func complete(with campaign: Campaign, missing: APIError? = nil, at asked: Instant) {
        let campaign = missing == nil ? campaign : campaign.replacing(steps: detail?.campaign.steps ?? [])
        let isChanged = hasChanged || detail?.campaign != campaign
        detail = Detail(
            campaign: campaign,
            row: row,
            fetched: asked,
            confirmed: asked,
            checked: asked,
            unchangedChecks: isChanged ? 0 : (detail?.unchangedChecks ?? 0) + 1,
            stepsFetched: missing == nil ? nil : detail.map { $0.stepsFetched ?? $0.fetched }
        )
        failure = missing
        isPartial = missing != nil
        sameConfiguration = true
        isOutdated = false
    }

    /// Records the error of a detail request that returned nothing.
    mutating func fail(_ error: APIError) {
        failure = error
        isPartial = false
    }

    mutating func recordProbe(isChanged: Bool, at asked: Instant) {
        if isChanged {
            isOutdated = true
            detail?.unchangedChecks = 0
        } else {
            detail?.checked = asked
            detail?.unchangedChecks += 1
        }
    }

    /// The campaign as far as it is known to have been true at some time after `oldest`; `nil` if it is gone.
    ///
    /// If both row and detail have a number, the one fetched later counts.
    func campaign(trueSince oldest: Instant, hasCounted: Bool = false) -> Campaign? {
        if failure == .gone { return nil }
        let row = hasCounted ? row.reported : row.campaign
        guard let detail, detail.confirmed > oldest else { return row }
        let areStepsStale = detail.stepsFetched.map { $0 <= oldest } ?? false
        let known = areStepsStale ? detail.campaign.replacing(steps: []) : detail.campaign
        return hasChanged ? known.completed(by: row) : row.completed(by: known)
    }
}

/// Decides which campaigns' details a cycle fetches: the more often, the more recently they changed.
///
/// A listing rarely shows every change, so campaigns with an unchanged row are checked too: in the cycle after a change,
/// then after twice the time with each check that finds none, at most an hour. A check is a fetch or a probe.
///
/// In addition a cycle fetches some of the oldest details, so that they do not all reach their maximum age at once.
struct DetailPolicy: Sendable {
    private static let maximumCheckInterval = Duration.seconds(3600)
    /// Refreshes per cycle without probes: accounts with no more campaigns have all of them fetched in every cycle.
    private static let minimumRefreshCount = 25

    /// Whether rows of the listing usually change with their detail; if not, every campaign is due.
    let listingShowsChange: Bool
    /// How long an unchanged row tells that the detail is unchanged too, so that no check is needed; `nil` if it does not.
    var rowConfirmation: Duration?
    /// Whether every cycle probes groups of campaigns.
    var probesGroups = false
    /// The time from cycle to cycle.
    let interval: Duration

    /// The maximum age of a detail: as long as its row confirms it, a day with probes, else an hour.
    private var maximumAge: Duration {
        rowConfirmation ?? (probesGroups ? .seconds(86_400) : Self.maximumCheckInterval)
    }

    /// Whether a campaign is due: new, changed, failed, not checked for its check interval, or too old by the next cycle.
    func isDue(_ campaign: TrackedCampaign, at now: Instant) -> Bool {
        guard listingShowsChange, campaign.isCurrent, let detail = campaign.detail else { return true }
        let isUnchecked = now - detail.checked > checkInterval(unchangedChecks: detail.unchangedChecks)
        return rowConfirmation == nil && isUnchecked
            || now - detail.fetched > maximumAge - interval
    }

    /// The time without a check after which a campaign is due; half an interval less, to fall on the nearest cycle.
    func checkInterval(unchangedChecks: Int) -> Duration {
        let doubled = interval * (1 << min(unchangedChecks, 16)) - interval / 2
        return min(doubled, Self.maximumCheckInterval - interval)
    }

    /// Whether a campaign that is not due may be refreshed: not if this cycle has fetched its detail already.
    func mayRefresh(_ campaign: TrackedCampaign, at now: Instant) -> Bool {
        campaign.detail.map { now - $0.fetched > interval / 2 } ?? false
    }

    /// How many of the oldest details a cycle refreshes, so that none reaches the maximum age.
    func refreshCount(of campaigns: Int) -> Int {
        guard maximumAge > interval else { return campaigns }
        let needed = Int((Double(campaigns) * (interval / (maximumAge - interval))).rounded(.up))
        return rowConfirmation != nil || probesGroups ? needed : max(needed, min(campaigns, Self.minimumRefreshCount))
    }
}
