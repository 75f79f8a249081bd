// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPServer
import Testing

@testable import Simulator

/// Faults of certain routes: what they strike, and what they leave alone.
@Suite struct RouteFaultTests {
    private let client = SimulatorClient()

    private func set(_ faults: Fault...) {
        client.simulator.setFaults(faults.map { FaultRule($0) })
    }

    private func snapshot(_ provider: SimulatedProvider) -> WorldSnapshot {
        client.simulator.snapshot(of: provider, for: client.key)
    }

    private func status(
        _ provider: SimulatedProvider,
        _ path: String,
        _ query: [(String, String)] = [],
        body: String? = nil
    ) throws -> Int {
        try client.call(provider, path, query, method: body == nil ? "GET" : "POST", body: body ?? "").status
    }

    /// A body that names addresses or campaigns.
    private func body(_ field: String, _ values: String...) -> String {
        let list = values.map { "\"\($0)\"" }.joined(separator: ",")
        return "{\"\(field)\":[\(list)],\"startDate\":\"2018-01-01\",\"endDate\":\"2026-12-31\"}"
    }

    @Test("Every route of the table is a route of its provider")
    func routes() {
        for provider in SimulatedProvider.allCases {
            let known = Set(provider.server.routes.map(\.path))
            for fault in provider.faults { #expect(fault.routes.subtracting(known) == [], "\(fault.fault)") }
        }
    }

    @Test("A refused part is refused at each of its routes, and nothing else is")
    func refused() throws {
        let (user, mailbox) = (snapshot(.lemlist).world.userIDs[0], snapshot(.lemlist).mailboxes[0].id)
        let campaign = snapshot(.lemlist).campaigns[0].id
        let address = snapshot(.instantly).mailboxes[0].address

        set(.refusedMailboxes)
        #expect(try status(.instantly, "api/v2/accounts") == 403)
        #expect(try status(.instantly, "api/v2/campaigns") == 200)
        #expect(try status(.lemlist, "users/\(user)") == 403)
        #expect(try status(.lemlist, "team") == 200)
        #expect(try status(.sendkit, "v1/mailboxes") == 403)
        #expect(try status(.sendkit, "v1/warmup/stats") == 200)

        set(.refusedWarmup)
        #expect(try status(.instantly, "api/v2/accounts/warmup-analytics", body: body("emails", address)) == 403)
        #expect(try status(.instantly, "api/v2/accounts") == 200)
        #expect(try status(.lemlist, "lemwarm/\(mailbox)/settings") == 403)
        #expect(try status(.lemlist, "users/\(user)") == 200)
        #expect(try status(.sendkit, "v1/warmup/stats") == 403)
        #expect(try status(.sendkit, "v1/mailboxes") == 200)

        set(.refusedVitals)
        #expect(try status(.instantly, "api/v2/accounts/test/vitals", body: body("accounts", address)) == 402)
        #expect(try status(.instantly, "api/v2/accounts") == 200)

        set(.refusedLabels, .refusedSendingStates, .refusedPlanLimits)
        let instantly = snapshot(.instantly).campaigns[0].id
        #expect(try status(.instantly, "api/v2/custom-tags") == 403)
        #expect(try status(.instantly, "api/v2/custom-tag-mappings") == 403)
        #expect(try status(.instantly, "api/v2/campaigns/\(instantly)/sending-status") == 403)
        #expect(try status(.instantly, "api/v2/workspace-billing/plan-details") == 403)
        #expect(try status(.instantly, "api/v2/accounts") == 200)
        #expect(try status(.lemlist, "campaigns/\(campaign)/statutes") == 403)
        #expect(try status(.lemlist, "team/credits") == 403)
        #expect(try status(.lemlist, "team") == 200)
        #expect(try status(.sendkit, "v1/workspaces") == 403)
        #expect(try status(.sendkit, "v1/mailboxes") == 200)

        set(.refusedBatch)
        let dates = [("startDate", "2018-01-01"), ("endDate", "2026-12-31")]
        #expect(try status(.lemlist, "v2/campaigns/stats/batch", body: body("campaignIds", campaign)) == 403)
        #expect(try status(.lemlist, "v2/campaigns/\(campaign)/stats", dates) == 200)
        set(.refusedDetails)
        #expect(try status(.lemlist, "v2/campaigns/stats/batch", body: body("campaignIds", campaign)) == 403)
        #expect(try status(.lemlist, "v2/campaigns/\(campaign)/stats", dates) == 403)
        #expect(try status(.instantly, "api/v2/campaigns/analytics/overview") == 403)
        #expect(try status(.instantly, "api/v2/campaigns/analytics") == 200)
    }

    @Test("Who has no key is refused as ever, not by the fault")
    func keys() throws {
        set(.refusedMailboxes)
        let response = client.simulator.respond(to: Request(method: "GET", path: "/instantly/api/v2/accounts"))
        guard case .respond(let refusal) = response else { throw UnexpectedResponse() }
        #expect(refusal.status == 401)
    }

    @Test("Single requests fail beside others to the same route")
    func failures() throws {
        let (users, mailboxes) = (snapshot(.lemlist).world.userIDs, snapshot(.lemlist).mailboxes)
        let addresses = snapshot(.instantly).mailboxes.map(\.address)
        let campaigns = snapshot(.instantly).campaigns.map(\.id)
        set(.partialMailboxes, .stepsFail)
        #expect(try users.map { try status(.lemlist, "users/\($0)") } == [200, 500])
        #expect(try mailboxes.prefix(2).map { try status(.lemlist, "lemwarm/\($0.id)/settings") } == [500, 200])
        let warmup = "api/v2/accounts/warmup-analytics"
        #expect(try status(.instantly, warmup, body: body("emails", addresses[1], addresses[0])) == 500)
        #expect(try status(.instantly, warmup, body: body("emails", addresses[1])) == 200)
        let steps = "api/v2/campaigns/analytics/steps"
        #expect(try campaigns.prefix(2).map { try status(.instantly, steps, [("campaign_id", $0)]) } == [500, 200])
        #expect(try status(.instantly, "api/v2/campaigns/analytics/overview", [("id", campaigns[0])]) == 200)
    }

    @Test("One mailbox has no address, every other has its own")
    func rowWithoutAddress() throws {
        set(.rowWithoutAddress)
        let rows: [[String: Any]] = try cast(client.object(.instantly, "api/v2/accounts")["items"])
        #expect(rows.map { $0["email"] != nil } == [false] + Array(repeating: true, count: rows.count - 1))
        let listed: [[String: Any]] = try cast(client.object(.sendkit, "v1/mailboxes")["data"])
        #expect(listed.count { $0["email"] == nil } == 1)
    }
}
