// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

extension TestedAPI {
    static let emailbison = TestedAPI(
        provider: .emailbison,
        listing: "api/campaigns",
        headers: { [("authorization", "Bearer \($0)")] }
    )
}

@Suite struct EmailBisonServerTests {
    private let client = SimulatorClient { $0.campaigns = 23 }

    private var campaigns: [SimulatedCampaign] {
        client.simulator.snapshot(of: .emailbison, for: client.key).campaigns
    }

    @Test("Pages have fifteen rows, whatever is asked for, and unknown filters change nothing")
    func paging() throws {
        var ids: [String] = []
        for (page, rows) in [(1, 15), (2, 8)] {
            let query = [("per_page", "100"), ("page", "\(page)"), ("campaign_ids[0]", "1"), ("colour", "red")]
            let answer = try client.object(.emailbison, "api/campaigns", query)
            let data: [[String: Any]] = try cast(answer["data"])
            #expect(data.count == rows)
            ids += try data.map { "\(try cast($0["id"], to: Int.self))" }
            let meta: [String: Int] = try cast(answer["meta"])
            #expect(meta == ["current_page": page, "last_page": 2, "per_page": 15, "total": 23])
        }
        #expect(ids == campaigns.map(\.id))
    }

    @Test("A summary's numbers are texts, its steps add up to the listing, and drafts have none")
    func stats() throws {
        let rows: [[String: Any]] = try cast(client.object(.emailbison, "api/campaigns")["data"])
        for (row, campaign) in zip(rows, campaigns) {
            let body = #"{"start_date":"2020-01-01","end_date":"2030-01-01"}"#
            let path = "api/campaigns/\(campaign.id)/stats"
            let response = try client.call(.emailbison, path, method: "POST", body: body)
            let isDraft = (row["status"] as? String)?.lowercased() == "draft"
            #expect(response.status == (isDraft ? 400 : 200))
            if isDraft { continue }
            let answer = try client.object(.emailbison, path, method: "POST", body: body)
            let data: [String: Any] = try cast(answer["data"])
            #expect(data["emails_sent"] as? String == (row["emails_sent"] as? Int).map { "\($0)" })
            let steps: [[String: Any]] = try cast(data["sequence_step_stats"])
            #expect(try steps.reduce(0) { try $0 + cast($1["sent"], to: Int.self) } == row["emails_sent"] as? Int)
        }
        let first = "api/campaigns/\(campaigns[0].id)/stats"
        #expect(try client.call(.emailbison, first, method: "POST", body: "{}").status == 422)
        #expect(try client.call(.emailbison, "api/campaigns/7/line-area-chart-stats").status == 404)
    }

    @Test("The schedule has three days, which decrease")
    func schedules() throws {
        let sums = try ["today", "tomorrow", "day_after_tomorrow"].map { day in
            let answer = try client.object(.emailbison, "api/campaigns/sending-schedules", [("day", day)])
            let rows: [[String: Any]] = try cast(answer["data"])
            return try rows.reduce(0) { try $0 + cast($1["emails_being_sent"], to: Int.self) }
        }
        #expect(sums[0] > sums[1] && sums[1] > sums[2] && sums[2] > 0)
    }
}
