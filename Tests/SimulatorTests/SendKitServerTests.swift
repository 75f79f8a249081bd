// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct SendKitServerTests {
    private let client = SimulatorClient { $0.campaigns = 23 }

    private var campaigns: [SimulatedCampaign] { client.simulator.snapshot(of: .sendkit, for: client.key).campaigns }

    @Test("Listings go on while hasMore says so, over an empty page, and name a cursor at their end")
    func paging() throws {
        var (ids, sizes, cursor) = ([String](), [Int](), String?.none)
        while sizes.count < 10 {
            let query = [("limit", "10")] + (cursor.map { [("cursor", $0)] } ?? [])
            let page = try client.object(.sendkit, "v1/campaigns", query)
            let rows: [[String: Any]] = try cast(page["data"])
            let pagination: [String: Any] = try cast(page["pagination"])
            #expect(Set(pagination.keys) == ["limit", "total", "hasMore", "nextCursor"])
            ids += try rows.map { try cast($0["_id"]) }
            sizes.append(rows.count)
            cursor = try cast(pagination["nextCursor"], to: String.self)
            if try !cast(pagination["hasMore"], to: Bool.self) { break }
        }
        #expect(sizes == [10, 0, 10, 3])
        #expect(ids == campaigns.map(\.id))
    }

    @Test("Twenty-five rows without a limit, at most a hundred, an error for a cursor that is none")
    func limits() throws {
        let many = SimulatorClient { $0.campaigns = 130 }
        let count = { (query: [(String, String)]) in
            try cast(many.object(.sendkit, "v1/campaigns", query)["data"], to: [Any].self).count
        }
        #expect(try count([]) == 25)
        #expect(try count([("limit", "500")]) == 100)
        #expect(try client.call(.sendkit, "v1/campaigns", [("cursor", "?")]).status == 400)
    }

    @Test("Analytics have the example's fields, wait steps are counted, and the steps add up")
    func analytics() throws {
        for campaign in campaigns where campaign.index % 12 != 7 {
            let answer = try client.object(.sendkit, "v1/campaigns/\(campaign.id)/analytics")
            let data: [String: Any] = try cast(answer["data"])
            let totals = ["totalReplied", "totalPositiveReplied"]
            #expect(Set(data.keys) == Set(["campaign", "stats", "stepAnalytics", "statusBreakdown"] + totals))
            #expect(
                Set(try cast(data["campaign"], to: [String: Any].self).keys) == ["id", "name", "status", "startedAt"]
            )
            let stats: [String: Int] = try cast(data["stats"])
            #expect(
                Set(stats.keys) == ["sent", "delivered", "opened", "clicked", "replied", "bounced", "unsubscribed"]
            )
            let steps: [[String: Any]] = try cast(data["stepAnalytics"])
            for name in ["sent", "opened", "clicked", "bounced"] {
                #expect(try steps.reduce(0) { try $0 + cast($1[name], to: Int.self) } == stats[name])
            }
            let keys = steps.compactMap { $0["_id"] as? [String: Any] }
            #expect(Set(keys.compactMap { $0["sequenceStep"] as? Int }) == [0, 2, 4, 6])
            let breakdown: [String: Int] = try cast(data["statusBreakdown"])
            #expect(
                breakdown.values.reduce(0, +)
                    == client.simulator.snapshot(of: .sendkit, for: client.key).statistics(of: campaign).leads
            )
        }
    }

    @Test("A campaign that never started has no start, no steps and pending leads")
    func draft() throws {
        let answer = try client.object(.sendkit, "v1/campaigns/\(campaigns[7].id)/analytics")
        let data: [String: Any] = try cast(answer["data"])
        #expect((data["stepAnalytics"] as? [Any])?.isEmpty == true)
        #expect(data["statusBreakdown"] as? [String: Int] == ["pending": 1000])
    }

    @Test("Mailboxes, their numbers and their health agree, and rates have the documented units")
    func mailboxes() throws {
        let list: [[String: Any]] = try cast(client.object(.sendkit, "v1/mailboxes")["data"])
        let numbers: [[String: Any]] = try cast(client.object(.sendkit, "v1/analytics/mailboxes")["data"])
        #expect(list.count == 8 && numbers.count == 8)
        for (row, other) in zip(list, numbers) {
            for name in ["_id", "email", "status"] { #expect(row[name] as? String == other[name] as? String) }
            #expect(row["totalSent"] as? Int == other["totalSent"] as? Int)
            #expect((0...0.2).contains(try cast(row["bounceRate"], to: Double.self)))
            let health = try client.object(.sendkit, "v1/mailboxes/\(try cast(row["_id"], to: String.self))/health")
            let data: [String: Any] = try cast(health["data"])
            #expect(data["sentToday"] as? Int == row["sentToday"] as? Int)
            let checks: [String: Any] = try cast(row["setupStatus"])
            #expect(Set(checks.keys) == ["healthScore", "mx", "spf", "dkim", "dmarc"])
        }
    }

    @Test("Warm-up placements add up to what was sent, and the summary to the mailboxes")
    func warmup() throws {
        let data: [String: Any] = try cast(client.object(.sendkit, "v1/warmup/stats", [("days", "7")])["data"])
        let rows: [[String: Any]] = try cast(data["mailboxes"])
        var total = 0
        for row in rows {
            let stats: [String: Double] = try cast(row["stats"])
            let placed = ["inbox", "spam", "promotions"].reduce(0) { $0 + (stats[$1] ?? 0) }
            #expect(placed == stats["totalSent"])
            #expect((0...100).contains(stats["inboxRate"] ?? -1))
            total += Int(stats["totalSent"] ?? 0)
        }
        #expect(try cast(data["summary"], to: [String: Any].self)["totalSent"] as? Int == total)
        #expect(try client.call(.sendkit, "v1/warmup/stats", [("days", "91")]).status == 400)
    }
}
