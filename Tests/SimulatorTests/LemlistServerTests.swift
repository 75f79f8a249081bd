// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

@testable import Simulator

@Suite struct LemlistServerTests {
    private static let dates = [("startDate", "2018-01-01T00:00:00.000Z"), ("endDate", "2026-05-13T23:59:59.999Z")]
    private let client = SimulatorClient { $0.campaigns = 23 }

    private var campaigns: [SimulatedCampaign] { client.simulator.snapshot(of: .lemlist, for: client.key).campaigns }

    @Test("The bare list goes on by offset until a page is short")
    func offsets() throws {
        var ids: [String] = []
        for offset in [0, 10, 20] {
            let page = try client.rows(.lemlist, "campaigns", [("limit", "10"), ("offset", "\(offset)")])
            ids += try page.map { try cast($0["_id"]) }
        }
        #expect(ids == campaigns.map(\.id))
        #expect(try client.rows(.lemlist, "campaigns", [("limit", "1000")]).count == 23)
    }

    @Test("The list by pages names itself as the next page at its end")
    func pages() throws {
        var (ids, page) = ([String](), 1)
        while page < 10 {
            let answer = try client.object(
                .lemlist,
                "campaigns",
                [("version", "v2"), ("page", "\(page)"), ("limit", "10")]
            )
            ids += try cast(answer["campaigns"], to: [[String: Any]].self).map { try cast($0["_id"]) }
            let pagination: [String: Int] = try cast(answer["pagination"])
            #expect(pagination["totalRecords"] == 23 && pagination["totalPage"] == 3)
            #expect(pagination["currentPage"] == page)
            let next = try #require(pagination["nextPage"])
            if next == page { break }
            page = next
        }
        #expect(page == 3)
        #expect(ids == campaigns.map(\.id))
    }

    @Test("A campaign in trouble says so and is found by either of its states")
    func status() throws {
        for status in ["errors", "running"] {
            let rows = try client.rows(.lemlist, "campaigns", [("status", status)])
            #expect(rows.contains { $0["hasError"] as? Bool == true && $0["status"] as? String == "errors" })
        }
        #expect(try client.rows(.lemlist, "campaigns", [("status", "draft")]).count == 2)
    }

    @Test("Statistics have the example's fields, and the steps add up to the campaign")
    func stats() throws {
        for campaign in campaigns {
            let stats = try client.object(.lemlist, "v2/campaigns/\(campaign.id)/stats", LemlistServerTests.dates)
            let names = """
                nbLeads nbLeadsLaunched nbLeadsReached nbLeadsOpened nbLeadsInteracted nbLeadsAnswered nbLeadsInterested \
                nbLeadsNotInterested nbLeadsUnsubscribed nbLeadsInterrupted messagesSent messagesNotSent messagesBounced \
                delivered opened clicked replied invitationAccepted meetingBooked steps
                """
            #expect(Set(stats.keys) == Set(names.split(separator: " ").map(String.init)))
            let steps: [[String: Any]] = try cast(stats["steps"])
            for (total, part) in [
                ("messagesSent", "sent"), ("delivered", "delivered"), ("opened", "opened"), ("clicked", "clicked"),
                ("replied", "replied"), ("messagesBounced", "bounced"), ("messagesNotSent", "notDelivered"),
                ("nbLeadsUnsubscribed", "unsubscribed"),
            ] {
                #expect(
                    try cast(stats[total], to: Int.self) == steps.reduce(0) { try $0 + cast($1[part], to: Int.self) }
                )
            }
            let keys = steps.map { "\($0["sequenceId"] ?? "")/\($0["sequenceStep"] ?? "")/\($0["abTest"] ?? "")" }
            #expect(Set(keys).count == steps.count)
        }
    }

    @Test("Some campaigns fork, some go over LinkedIn")
    func steps() throws {
        let tasks = Set(campaigns.flatMap(\.variants).map(\.task))
        #expect(tasks.isSuperset(of: [.email, .linkedinVisit, .linkedinInvite, .linkedinSend, .conditional]))
        let fork = try client.object(.lemlist, "v2/campaigns/\(campaigns[1].id)/stats", LemlistServerTests.dates)
        let steps: [[String: Any]] = try cast(fork["steps"])
        #expect(Set(steps.compactMap { $0["conditionLabel"] as? String }) == ["Opened email", "Didn't open email"])
        #expect(Set(steps.compactMap { $0["sequenceId"] as? String }).count == 3)
    }

    @Test("A batch answers up to a hundred campaigns, names unknown ones, and leaves one in sixteen out")
    func batch() throws {
        let ids = (campaigns.map(\.id) + ["cam_unknown"]).map { "\"\($0)\"" }.joined(separator: ",")
        let body = """
            {"campaignIds":[\(ids)],"startDate":"2018-01-01T00:00:00.000Z","endDate":"2026-05-13T23:59:59.999Z"}
            """
        let answer = try client.object(.lemlist, "v2/campaigns/stats/batch", method: "POST", body: body)
        let (results, errors): ([[String: Any]], [[String: String]]) = (
            try cast(answer["results"]), try cast(answer["errors"])
        )
        #expect(results.count == 22)
        #expect(errors == [["campaignId": "cam_unknown", "error": "Campaign not found"]])
        #expect(!results.contains { $0["campaignId"] as? String == campaigns[11].id })
        let single = try client.object(.lemlist, "v2/campaigns/\(campaigns[0].id)/stats", LemlistServerTests.dates)
        #expect(results[0]["messagesSent"] as? Int == single["messagesSent"] as? Int)
    }

    @Test(
        "Wrong parameters are told in lemlist's words",
        arguments: [
            (["startDate": nil], "Bad params: startDate and endDate are required"),
            (["channels": "email"], "Bad params: channels must be a valid array"),
            (
                ["channels": "[\"fax\"]"],
                "Bad params: channels must be empty or contain \"others\", \"email\" or \"linkedin\""
            ),
            (["ABSelected": "C"], "Bad params: ABSelected must be A or B"),
            (
                ["sendUser": "me"],
                "Bad param format: sendUser must be formatted as follow: <sendUserId>|<sendUserEmail>"
            ),
            (
                ["sendUser": "usr_1|me@x.com"],
                "Bad params: the send user email is not related to the send user id"
            ),
        ] as [([String: String?], String)]
    )
    func validation(change: [String: String?], message: String) throws {
        var query: [String: String?] = Dictionary(uniqueKeysWithValues: LemlistServerTests.dates)
        query.merge(change) { $1 }
        let pairs = query.compactMap { name, value in value.map { (name, $0) } }
        let answer = try client.call(.lemlist, "v2/campaigns/\(campaigns[0].id)/stats", pairs)
        #expect(answer.status == 400)
        #expect(answer.text == message)
    }

    @Test("Channels and A/B sides choose among the steps")
    func filters() throws {
        let path = "v2/campaigns/\(campaigns[2].id)/stats"
        let sent = { (more: [(String, String)]) in
            try cast(client.object(.lemlist, path, LemlistServerTests.dates + more)["messagesSent"], to: Int.self)
        }
        let (all, email, linkedIn) = (
            try sent([]), try sent([("channels", "[\"email\"]")]), try sent([("channels", "[\"linkedin\"]")])
        )
        #expect(email > 0 && linkedIn > 0 && email + linkedIn == all)
        let (a, b) = (try sent([("ABSelected", "A")]), try sent([("ABSelected", "B")]))
        #expect(a > 0 && b > 0 && a + b - linkedIn == all)
    }

    @Test("The team leads to its users, these to their mailboxes, and these to their warm-up")
    func mailboxes() throws {
        let team = try client.object(.lemlist, "team", [("version", "v2")])
        let users: [[String: String]] = try cast(team["users"])
        #expect(users.compactMap { $0["userId"] } == team["userIds"] as? [String])
        var addresses: [String] = []
        for user in users {
            let answer = try client.object(.lemlist, "users/\(user["userId"] ?? "")")
            for mailbox in try cast(answer["mailboxes"], to: [[String: Any]].self) {
                addresses.append(try cast(mailbox["email"]))
                let settings = try client.object(
                    .lemlist,
                    "lemwarm/\(try cast(mailbox["_id"], to: String.self))/settings"
                )
                let score = (settings["deliverability"] as? [String: Any])?["score"] as? Int
                let isWarming = (mailbox["lemwarm"] as? [String: Bool])?["active"]
                #expect((score.map { (1...100).contains($0) } ?? false) == isWarming)
            }
        }
        #expect(
            Set(addresses) == Set(client.simulator.snapshot(of: .lemlist, for: client.key).mailboxes.map(\.address))
        )
        #expect(try client.call(.lemlist, "users/usr_unknown").status == 404)
    }
}
