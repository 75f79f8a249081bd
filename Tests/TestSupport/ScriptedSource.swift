// SPDX-License-Identifier: Apache-2.0

package import Collection
package import Outreach
import Synchronization

/// A source whose campaigns and faults the test sets.
package final class ScriptedSource: AccountSource {
    /// A received call.
    package enum Call: Hashable, Sendable {
        case listing
        case details([String])
        case group([String])
        case labels
        case sending(String)
        case mailboxes
        case domainChecks
        case plan

        /// The part of the account's data that it is for.
        package var part: DataPart {
            switch self {
            case .listing: .campaigns
            case .details, .group: .details
            case .labels: .labels
            case .sending: .sendingStates
            case .mailboxes: .mailboxes
            case .domainChecks: .domainChecks
            case .plan: .planLimits
            }
        }
    }

    /// The provider's data and how it responds.
    package struct World: Sendable {
        /// The rows of the listing by campaign id.
        package var rows: [String: ListedCampaign] = [:]
        /// The details by campaign id; a missing one is the row's campaign.
        package var details: [String: Campaign] = [:]
        /// The response of the call for labels; `nil` if the provider has none.
        package var labels: [String: [String]]?
        /// The responses of the call for the reason for which a campaign does not send; `nil` if the provider has none.
        package var sending: [String: SendingStatus]?
        package var mailboxes = MailboxGroup()
        /// Why the mailboxes lack their warm-up; `nil` if they have it.
        package var warmupError: APIError?
        /// The response of the call for domain checks; `nil` if the provider has none.
        package var domainChecks: [DomainCheck]?
        /// The response of the call for the account's plan; `nil` if the provider has none.
        package var plan: [PlanQuantity]?
        /// What the response of the call for labels tells about the plan.
        package var planOfLabels: [PlanQuantity]?
        /// Fields with unknown values, reported by each listing.
        package var unknownFields: [String] = []
        package var latency = Duration.milliseconds(100)
        /// The error of a call, if any.
        package var fault: @Sendable (Call) -> APIError? = { _ in nil }
        /// Whether `areUnchanged` is right; if not, it is always false.
        package var knowsGroups = true
        /// The error of one campaign in a successful call, if any.
        package var campaignFault: @Sendable (String) -> APIError? = { _ in nil }

        /// Creates a world without data and faults.
        package init() {}
    }

    package let detailBatch: Int
    package let listingShowsChange: Bool
    package let groupSize: Int
    package let facts = AccountFacts()
    private let gate: RequestGate
    private let clock: TestClock
    private let state: Mutex<(world: World, calls: [Call])>

    /// Creates a source whose calls pass a gate.
    package init(
        _ gate: RequestGate,
        _ clock: TestClock,
        world: World = World(),
        detailBatch: Int = 1,
        listingShowsChange: Bool = true,
        groupSize: Int = 0
    ) {
        self.gate = gate
        self.clock = clock
        self.detailBatch = detailBatch
        self.listingShowsChange = listingShowsChange
        self.groupSize = groupSize
        state = Mutex((world, []))
    }

    /// Every attempt, in the order of arrival.
    package var calls: [Call] { state.withLock { $0.calls } }

    /// Reads or changes the world.
    package func world<Result: Sendable>(_ change: @Sendable (inout World) -> Result) -> Result {
        state.withLock { change(&$0.world) }
    }

    package func probe() async -> Probe {
        var probe = Probe()
        await probe.send(for: .campaigns) { () async throws(APIError) in try await listing() }
        return probe
    }

    package func listing() async throws(APIError) -> SourceResult<[ListedCampaign]> {
        let world = try await answer(.listing, "/list")
        return SourceResult(
            world.rows.values.sorted { $0.campaign.id < $1.campaign.id },
            unknownFields: world.unknownFields
        )
    }

    package func details(
        of campaigns: [String]
    ) async throws(APIError) -> SourceResult<[String: Result<Campaign, APIError>]> {
        let world = try await answer(.details(campaigns), "/details")
        let details = campaigns.map { id -> (String, Result<Campaign, APIError>) in
            if let failure = world.campaignFault(id) { return (id, .failure(failure)) }
            guard let campaign = world.details[id] ?? world.rows[id]?.campaign else { return (id, .failure(.gone)) }
            return (id, .success(campaign))
        }
        return SourceResult(Dictionary(details) { _, last in last })
    }

    package let hasDomainChecks = true

    package func areUnchanged(_ details: [Campaign]) async throws(APIError) -> Bool {
        let world = try await answer(.group(details.map(\.id)), "/group")
        return world.knowsGroups && details.allSatisfy { world.details[$0.id] == $0 }
    }

    package var hasCampaignLabels: Bool { world { $0.labels != nil } }
    package var rationedRoutes: Set<String> { ["/labels", "/sending"] }
    package var supplementaryRoutes: Set<String> { rationedRoutes.union(["/mailboxes"]) }
    package var hasSendingStatus: Bool { world { $0.sending != nil } }

    package func sendingStatus(of campaign: String) async throws(APIError) -> SendingStatus? {
        try await answer(.sending(campaign), "/sending").sending?[campaign]
    }

    package func campaignLabels(of campaigns: [String]) async throws(APIError) -> LabelGroup {
        let world = try await answer(.labels, "/labels")
        return LabelGroup(world.labels ?? [:], plan: world.planOfLabels)
    }

    package var hasPlan: Bool { world { $0.plan != nil } }

    package func plan() async throws(APIError) -> [PlanQuantity] { try await answer(.plan, "/plan").plan ?? [] }

    package func mailboxes() async throws(APIError) -> SourceResult<MailboxGroup> {
        let world = try await answer(.mailboxes, "/mailboxes")
        var result = SourceResult(world.mailboxes)
        for mailbox in world.mailboxes.mailboxes { result.incomplete[mailbox.address] = world.warmupError }
        return result
    }

    package func domainChecks(for mailboxes: [Mailbox]) async throws(APIError) -> SourceResult<[DomainCheck]> {
        SourceResult(try await answer(.domainChecks, "/domains").domainChecks ?? [])
    }

    /// Records the call, waits for the latency, and returns the world after it.
    private func answer(_ call: Call, _ route: String) async throws(APIError) -> World {
        _ = try await gate.call(route, for: call.part) { () async throws(APIError) in
            state.withLock { $0.calls.append(call) }
            try await pass(world { $0.latency })
            if let failure = world({ $0.fault })(call) { throw failure }
            return APIResponse(body: [])
        }
        return world { $0 }
    }

    private func pass(_ duration: Duration) async throws(APIError) {
        do { try await clock.sleep(until: clock.now + duration, tolerance: nil) } catch { throw .cancelled }
    }
}
