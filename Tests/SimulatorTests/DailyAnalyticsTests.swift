// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

/// The past that the daily endpoints tell, beside the present that everything else tells.
@Suite struct DailyAnalyticsTests {
    private let client = SimulatorClient {
        $0.campaigns = 12
        $0.past = 200
    }

    @Test("SendKit's days add up to the campaign's totals")
    func sendKit() throws {
        let campaigns = client.simulator.snapshot(of: .sendkit, for: client.key).campaigns
        for campaign in campaigns {
            let days = try rows(campaign.id, [("from", "2020-01-01"), ("to", "2100-01-01")])
            let answer = try client.object(.sendkit, "v1/campaigns/\(campaign.id)/analytics")
            let stats: [String: Int] = try cast(cast(answer["data"], to: [String: Any].self)["stats"])
            for name in ["sent", "opened", "clicked", "bounced", "replied"] {
                #expect(try days.reduce(0) { try $0 + cast($1[name], to: Int.self) } == stats[name])
            }
            #expect(
                try days.map { try cast($0["_id"], to: String.self) }
                    == days.compactMap { $0["_id"] as? String }.sorted()
            )
        }
    }

    @Test("Without dates SendKit tells the last thirty days, with wrong ones nothing")
    func sendKitSpan() throws {
        let id = try #require(
            client.simulator.snapshot(of: .sendkit, for: client.key).campaigns.first { $0.firstState == .active }
        ).id
        #expect(try 1...30 ~= rows(id, []).count)
        #expect(try client.call(.sendkit, "v1/analytics/daily/campaigns/\(id)", [("from", "soon")]).status == 400)
        #expect(try client.call(.sendkit, "v1/analytics/daily/campaigns/none").status == 404)
    }

    @Test("Instantly's days of mailboxes are those of the campaigns, once they are settled, within the route's limits")
    func mailboxes() throws {
        let route = "api/v2/accounts/analytics/daily"
        let mailboxes = client.simulator.snapshot(of: .instantly, for: client.key).mailboxes
        let addresses = mailboxes.map { ("emails", $0.address) }
        let span = [("start_date", "2026-04-15"), ("end_date", "2026-05-16")]
        let sent = try client.rows(.instantly, "api/v2/campaigns/analytics/daily", span)
            .map { try (cast($0["date"], to: String.self), cast($0["sent"], to: Int.self)) }
        let first = try byDay(client.rows(.instantly, route, addresses + span))
        for (date, sent) in sent { #expect(date < "2026-05-11" ? first[date] == sent : first[date] ?? 0 < sent) }
        #expect(try byDay(client.rows(.instantly, route, [addresses[0]] + span)) != first)
        #expect(try client.call(.instantly, route, span).status == 400)
        #expect(try client.call(.instantly, route, addresses + [("start_date", "2026-04-01")]).status == 400)
        let many = (0...200).map { ("emails", "box\($0)@x.example") }
        #expect(try client.call(.instantly, route, many).status == 400)
    }

    private func byDay(_ rows: [[String: Any]]) throws -> [String: Int] {
        try rows.reduce(into: [:]) { days, row in
            days[try cast(row["date"], to: String.self), default: 0] += try cast(row["sent"], to: Int.self)
        }
    }

    @Test("The past is as long as it is set to be, the same for the same seed")
    func past() {
        let plans = client.simulator.snapshot(of: .instantly, for: client.key).campaigns
        let ages = plans.filter { $0.firstState != .draft }.map { (client.simulator.clock.now - $0.started) / .day }
        #expect(ages.allSatisfy { 25..<200 ~= $0 })
        #expect(ages.contains { $0 > 120 })
        let again = SimulatorClient {
            $0.campaigns = 12
            $0.past = 200
        }
        #expect(
            again.simulator.snapshot(of: .instantly, for: client.key).campaigns.map(\.started) == plans.map(\.started)
        )
    }

    private func rows(_ id: String, _ query: [(String, String)]) throws -> [[String: Any]] {
        try cast(client.object(.sendkit, "v1/analytics/daily/campaigns/\(id)", query)["data"])
    }
}
