// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct InstantlyServerTests {
    private let client = SimulatorClient { $0.campaigns = 23 }

    @Test("The listing goes on after its last page until a page is empty, and names every campaign once")
    func paging() throws {
        var (ids, pages, cursor): ([String], Int, String?) = ([], 0, nil)
        repeat {
            let query = [("limit", "5")] + (cursor.map { [("starting_after", $0)] } ?? [])
            let page = try client.object(.instantly, "api/v2/campaigns", query)
            ids += try cast(page["items"], to: [[String: Any]].self).map { try cast($0["id"]) }
            cursor = page["next_starting_after"] as? String
            pages += 1
        } while cursor != nil && pages < 10
        #expect(pages == 6)
        #expect(ids == client.simulator.snapshot(of: .instantly, for: client.key).campaigns.map(\.id))
        #expect(ids.allSatisfy(Identifier.isUUID))
    }

    @Test("Custom tags and what they are given to are listed to the end, campaigns and accounts alike")
    func tags() throws {
        var labels: [String: String] = [:]
        for row in try rows("custom-tags") { labels[try cast(row["id"])] = try cast(row["label"]) }
        var found: [String: [String]] = [:]
        for row in try rows("custom-tag-mappings") {
            let (tag, resource): (String, String) = try (cast(row["tag_id"]), cast(row["resource_id"]))
            found[resource, default: []].append(try #require(labels[tag]))
        }
        let world = client.simulator.snapshot(of: .instantly, for: client.key)
        #expect(world.campaigns.allSatisfy { found[$0.id] ?? [] == $0.labels })
        #expect(found.keys.count { $0.contains("@") } == 4)
        #expect(world.campaigns.count { $0.labels.isEmpty } == 7)
    }

    /// The rows of all pages of a listing.
    private func rows(_ route: String) throws -> [[String: Any]] {
        var (rows, cursor): ([[String: Any]], String?) = ([], nil)
        repeat {
            let query = [("limit", "4")] + (cursor.map { [("starting_after", $0)] } ?? [])
            let page = try client.object(.instantly, "api/v2/\(route)", query)
            rows += try cast(page["items"], to: [[String: Any]].self)
            cursor = page["next_starting_after"] as? String
        } while cursor != nil
        return rows
    }

    @Test("Ten rows without a limit, none above a hundred, an error below one and for a cursor that is no id")
    func limits() throws {
        let items = { (query: [(String, String)]) in
            try cast(client.object(.instantly, "api/v2/campaigns", query)["items"], to: [Any].self).count
        }
        #expect(try items([]) == 10)
        #expect(try items([("limit", "100")]) == 23)
        #expect(try items([("limit", "101")]) == 0)
        #expect(try client.call(.instantly, "api/v2/campaigns", [("limit", "0")]).status == 400)
        let wrong = try client.call(.instantly, "api/v2/campaigns", [("starting_after", "7")])
        #expect(
            wrong.text == #"{"statusCode":400,"error":"Bad Request","message":"params/id must match format \"uuid\""}"#
        )
    }

    @Test("Accounts go on after a cursor of time and address; one that lost its address starts anew")
    func accounts() throws {
        let first = try client.object(.instantly, "api/v2/accounts", [("limit", "6")])
        let cursor: String = try cast(first["next_starting_after"])
        #expect(cursor.contains("Z&"))
        let emails = { (page: [String: Any]) in
            try cast(page["items"], to: [[String: Any]].self).map { try cast($0["email"], to: String.self) }
        }
        let second = try client.object(.instantly, "api/v2/accounts", [("starting_after", cursor)])
        let all = client.simulator.snapshot(of: .instantly, for: client.key).mailboxes.map(\.address)
        #expect(try emails(first) + emails(second) == all)
        let cut = String(cursor.prefix { $0 != "&" })
        let again = try client.object(.instantly, "api/v2/accounts", [("limit", "6"), ("starting_after", cut)])
        #expect(try emails(again) == emails(first))
    }

    @Test(
        "Rows have the documented fields",
        arguments: [
            (
                "api/v2/campaigns/analytics",
                """
                campaign_name campaign_id campaign_status campaign_is_evergreen leads_count contacted_count open_count \
                reply_count link_click_count bounced_count unsubscribed_count completed_count emails_sent_count \
                new_leads_contacted_count total_opportunities total_opportunity_value open_count_unique \
                open_count_unique_by_step reply_count_unique reply_count_unique_by_step reply_count_automatic \
                reply_count_automatic_unique reply_count_automatic_unique_by_step link_click_count_unique \
                link_click_count_unique_by_step
                """
            ),
            (
                "api/v2/campaigns/analytics/steps",
                """
                step variant sent opened unique_opened replies unique_replies replies_automatic \
                unique_replies_automatic clicks unique_clicks
                """
            ),
            (
                "api/v2/campaigns/analytics/daily",
                """
                date sent contacted new_leads_contacted opened unique_opened replies unique_replies replies_automatic \
                unique_replies_automatic clicks unique_clicks opportunities unique_opportunities
                """
            ),
        ]
    )
    func fields(path: String, names: String) throws {
        let row = try #require(client.rows(.instantly, path).first)
        #expect(Set(row.keys) == Set(names.split(separator: " ").map(String.init)))
    }

    @Test("The overview is the sum of the rows, with what became of the leads")
    func overview() throws {
        let overview = try client.object(.instantly, "api/v2/campaigns/analytics/overview")
        let rows = try client.rows(.instantly, "api/v2/campaigns/analytics")
        for name in ["emails_sent_count", "open_count_unique", "reply_count", "bounced_count", "total_opportunities"] {
            let sum = try rows.reduce(0) { try $0 + cast($1[name], to: Int.self) }
            #expect(try cast(overview[name]) == sum)
        }
        let booked: Int = try cast(overview["total_meeting_booked"])
        let expanded = try client.object(
            .instantly,
            "api/v2/campaigns/analytics/overview",
            [("expand_crm_events", "true")]
        )
        #expect(try cast(expanded["total_meeting_booked"], to: Int.self) > booked)
        #expect(overview["leads_count"] == nil)
    }

    @Test("Steps are a campaign's or everybody's, count from 1, and may belong to none")
    func steps() throws {
        let campaign = client.simulator.snapshot(of: .instantly, for: client.key).campaigns[3]
        let query = [("campaign_id", campaign.id), ("include_opportunities_count", "true")]
        let rows = try client.rows(.instantly, "api/v2/campaigns/analytics/steps", query)
        let names = rows.map { "\($0["step"] as? String ?? "null")/\($0["variant"] as? String ?? "null")" }
        #expect(names == ["1/0", "1/1", "2/0", "2/1", "3/0", "3/1", "4/0", "4/1", "null/null"])
        #expect(rows.allSatisfy { $0["won"] is Int && $0["unique_opportunities"] is Int })
        let analytics = try client.rows(.instantly, "api/v2/campaigns/analytics", [("id", campaign.id)])
        let sent = try rows.reduce(0) { try $0 + cast($1["sent"], to: Int.self) }
        #expect(try cast(analytics.first?["emails_sent_count"]) == sent)
        #expect(try client.rows(.instantly, "api/v2/campaigns/analytics/steps").count == 9)
    }

    @Test("Campaigns that never sent are listed and have no row of numbers")
    func drafts() throws {
        #expect(try client.rows(.instantly, "api/v2/campaigns/analytics").count == 21)
        let draft = client.simulator.snapshot(of: .instantly, for: client.key).campaigns[7]
        #expect(try client.rows(.instantly, "api/v2/campaigns/analytics/steps", [("campaign_id", draft.id)]).isEmpty)
    }

    @Test("The overview of nobody is an error, that of a draft zero, that of some and nobody theirs")
    func nobody() throws {
        let (path, nobody) = ("api/v2/campaigns/analytics/overview", "00000000-0000-7000-8000-000000000000")
        let campaigns = client.simulator.snapshot(of: .instantly, for: client.key).campaigns
        let sent = { (query: [(String, String)]) in
            try cast(client.object(.instantly, path, query)["emails_sent_count"], to: Int.self)
        }
        #expect(try client.call(.instantly, path, [("id", nobody)]).status == 404)
        #expect(try client.call(.instantly, path, [("id", "7")]).status == 400)
        #expect(try sent([("id", campaigns[7].id)]) == 0)
        #expect(try sent([("ids", campaigns[0].id), ("ids", nobody)]) == sent([("id", campaigns[0].id)]))
    }

    @Test("A span's numbers are those of its days, and a wrong span is an error of its own form")
    func spans() throws {
        let sent = { (query: [(String, String)]) in
            try cast(
                client.object(.instantly, "api/v2/campaigns/analytics/overview", query)["emails_sent_count"],
                to: Int.self
            )
        }
        let (before, after) = (
            try sent([("end_date", "2026-05-01")]),
            try sent([("start_date", "2026-05-01"), ("end_date", "2030-01-01")])
        )
        #expect(before > 0 && after > 0)
        #expect(try before + after == sent([]))
        let wrong = try client.call(
            .instantly,
            "api/v2/campaigns/analytics",
            [("start_date", "2026-05-02"), ("end_date", "2026-05-01")]
        )
        #expect(wrong.status == 400)
        #expect(wrong.text == #"{"message":"Start Date must be earlier than End Date"}"#)
    }

    @Test("Warm-up leaves out zeros and accounts without any, and takes one to a hundred addresses")
    func warmup() throws {
        let snapshot = client.simulator.snapshot(of: .instantly, for: client.key)
        let emails = snapshot.mailboxes.map { "\"\($0.address)\"" }.joined(separator: ",")
        let path = "api/v2/accounts/warmup-analytics"
        let answer = try client.object(.instantly, path, method: "POST", body: "{\"emails\":[\(emails)]}")
        let rows: [String: [String: Any]] = try cast(answer["aggregate_data"])
        #expect(Set(rows.keys) == Set(snapshot.mailboxes.filter(\.isWarming).map(\.address)))
        #expect(rows.values.allSatisfy { $0.values.allSatisfy { $0 as? Int != 0 } })
        let days: [String: [String: [String: Int]]] = try cast(answer["email_date_data"])
        for (email, row) in rows {
            #expect(days[email]?.values.reduce(0) { $0 + ($1["sent"] ?? 0) } == row["sent"] as? Int)
            #expect(days[email]?.keys.max() == "2026-05-13")
        }
        for body in [
            "{}", "{\"emails\":[]}", "{\"emails\":[\(Array(repeating: "\"a\"", count: 101).joined(separator: ","))]}",
        ] {
            #expect(try client.call(.instantly, path, method: "POST", body: body).status == 400)
        }
    }

    @Test("Vitals are told per domain, in two lists")
    func vitals() throws {
        let emails = client.simulator.snapshot(of: .instantly, for: client.key).mailboxes.map { "\"\($0.address)\"" }
        let body = "{\"accounts\":[\(emails.joined(separator: ","))]}"
        let answer = try client.object(.instantly, "api/v2/accounts/test/vitals", method: "POST", body: body)
        let (good, bad): ([[String: Any]], [[String: Any]]) = (
            try cast(answer["success_list"]), try cast(answer["failure_list"])
        )
        #expect(good.count == 2 && bad.count == 1)
        #expect(Set(bad[0].keys) == ["domain", "allPass", "mx", "spf", "dkim", "dmarc"])
        #expect(bad[0]["dkim"] as? Bool == false)
        let empty = try client.call(.instantly, "api/v2/accounts/test/vitals", method: "POST", body: "{}")
        #expect(empty.text == #"{"error":"Bad request - no emails sent"}"#)
    }
}
