// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

extension TestedAPI {
    static let smartlead = TestedAPI(
        provider: .smartlead,
        listing: "campaigns",
        query: { [("api_key", $0)] }
    )
}

@Suite struct SmartleadServerTests {
    private let client = SimulatorClient()

    private var campaigns: [SimulatedCampaign] {
        client.simulator.snapshot(of: .smartlead, for: client.key).campaigns
    }

    @Test("Numbers of analytics are texts and agree with the steps; a campaign that does not exist answers nothing")
    func analytics() throws {
        let id = campaigns[0].id
        let answer = try client.object(.smartlead, "campaigns/\(id)/analytics")
        let span = [("start_date", "2020-01-01 00:00:00"), ("end_date", "2030-01-01 00:00:00"), ("time_zone", "UTC")]
        let steps: [[String: Any]] = try cast(
            client.object(.smartlead, "campaigns/\(id)/sequence-analytics", span)["data"]
        )
        let sent = try steps.reduce(0) { try $0 + cast($1["sent_count"], to: Int.self) }
        #expect(answer["sent_count"] as? String == "\(sent)" && sent > 0)
        let names = try client.rows(.smartlead, "campaigns/\(id)/sequences")
        #expect(names.map { $0["id"] as? Int } == steps.map { $0["email_campaign_seq_id"] as? Int })
        #expect(try client.call(.smartlead, "campaigns/7/analytics").text == "{}")
    }

    @Test("Days add up to the totals")
    func days() throws {
        let id = campaigns[0].id
        let query = [("start_date", "2020-01-01"), ("end_date", "2030-01-01"), ("campaign_ids", id)]
        let answer = try client.object(.smartlead, "analytics/day-wise-overall-stats", query)
        let rows: [[String: Any]] = try cast(cast(answer["data"], to: [String: Any].self)["day_wise_stats"])
        let sent = try rows.reduce(0) {
            try $0 + cast(cast($1["email_engagement_metrics"], to: [String: Any].self)["sent"], to: Int.self)
        }
        let analytics = try client.object(.smartlead, "campaigns/\(id)/analytics")
        #expect(analytics["sent_count"] as? String == "\(sent)")
    }

    @Test("Every answer tells what is left of the minute; the hour's limit counts too")
    func limits() throws {
        let client = SimulatorClient { $0.enforcesLimits = true }
        let first = try client.call(.smartlead, "campaigns")
        #expect(first.header("X-RateLimit-Limit") == "60" && first.header("X-RateLimit-Remaining") == "59")
        #expect(first.header("X-RateLimit-Reset") == "\(Int(client.clock.now) + 60)")
        for _ in 0..<59 { #expect(try client.call(.smartlead, "campaigns").status == 200) }
        #expect(try client.call(.smartlead, "campaigns").status == 429)
    }
}
