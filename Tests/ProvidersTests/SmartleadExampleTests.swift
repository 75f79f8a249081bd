// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

/// The shapes of Smartlead's answers, and what its sources contradict each other about.
@Suite struct SmartleadExampleTests {
    private static let routes = [
        "GET /campaigns": "smartlead/campaigns", "GET /analytics/campaign/overall-stats": "smartlead/overall",
        "GET /campaigns/372/analytics": "smartlead/analytics",
        "GET /campaigns/372/sequence-analytics": "smartlead/steps",
        "GET /campaigns/372/sequences": "smartlead/sequences", "GET /email-accounts": "smartlead/mailboxes",
        "GET /analytics/mailbox/name-wise-health-metrics": "smartlead/health",
    ]

    private func source(without route: String = "") throws -> any AccountSource {
        Smartlead.stub(try Fixture.responses(Self.routes.filter { $0.key != route }))
    }

    @Test("A campaign's totals are texts, its leads have states")
    func analytics() async throws {
        let source = try source()
        let row = try #require(try await source.listing().content.first)
        #expect(row.campaign.status == .active && row.revision == "153 0 8 0 1 30 0")
        let campaign = try #require(try await source.details(of: ["372"]).content["372"]?.get())
        #expect(
            campaign.measures.byName == [
                "leads": 40, "leads_contacted_total": 30, "leads_opened_total": 12, "leads_clicked_total": 3,
                "leads_replied_total": 8, "leads_interested_total": 2, "leads_unsubscribed_total": 1,
                "messages_sent_total": 153, "messages_bounced_total": 4, "opens_total": 21, "clicks_total": 5,
                "revenue": 1_500,
            ]
        )
        #expect(
            campaign.leadsByStatus == [
                "notStarted": 10, "inprogress": 17, "completed": 9, "paused": 1, "stopped": 2, "blocked": 1,
            ]
        )
        #expect(campaign.steps.map(\.key) == [Step.Key(step: "1"), Step.Key(step: "2", variant: "unknown")])
        #expect(campaign.steps[0].measures[.messagesSent] == 101 && campaign.steps[1].measures[.opens] == 7)
    }

    @Test("Mailboxes join their totals; passwords are nowhere")
    func mailboxes() async throws {
        let group = try await source().mailboxes().content
        let mailbox = try #require(group.mailboxes.first)
        #expect([mailbox.service, mailbox.status, mailbox.warmupStatus] == ["gmail", "connected", "active"])
        #expect(
            mailbox.measures.byName == [
                "daily_limit": 35, "messages_sent_today": 6, "health_ratio": 0.95, "warmup_messages_sent": 812,
                "messages_sent_total": 3_596, "messages_bounced_total": 24, "leads_contacted_total": 1_204,
                "leads_replied_total": 61,
            ]
        )
        #expect(mailbox.placements == ["spam": 17])
        var text = ""
        dump(group, to: &text)
        #expect(!text.contains("pw_"))
    }

    @Test("A campaign that does not exist answers with nothing: it is gone", arguments: ["{}", "", " "])
    func gone(_ body: String) async throws {
        let source = Smartlead.stub { _ in .text(body, status: 200) }
        #expect(try await source.details(of: ["7"]).content["7"] == .failure(.gone))
    }

    @Test("Where the steps' route does not exist a campaign has its totals, and after three the route is left alone")
    func withoutSteps() async throws {
        let record = RecordingTransport(
            StubTransport { request in
                request.path.last == "analytics"
                    ? .json(["sent_count": "153"]) : .text(#"{"error":"Not found"}"#, status: 404)
            }
        )
        let source = Smartlead.source(for: account(), in: .test(record))
        for id in ["1", "2", "3", "4", "5"] {
            let details = try await source.details(of: [id])
            #expect(try details.content[id]?.get().measures[.messagesSent] == 153)
            #expect(details.incomplete[id]?.route == "/campaigns/{id}/sequence-analytics")
        }
        #expect(record.requests.count { $0.path.last == "sequence-analytics" } == 3)
    }

    @Test("A route that sends everything whatever is asked is read once more at most, with exactly a full page too")
    func unpaged() async throws {
        for count in [99, 100, 101, 250] {
            let rows = (0..<count).map { JSON.object(["id": .number(Double($0)), "name": "n", "status": "ACTIVE"]) }
            let source = Smartlead.stub { request in
                request.path.last == "campaigns"
                    ? .json(.list(rows)) : .json(["success": true, "data": ["campaign_wise_performance": []]])
            }
            #expect(try await source.listing().content.count == count)
        }
    }

    @Test(
        "Quotas are read where both numbers are, from the server's own clock",
        arguments: [
            ("12", "30", nil, RequestQuota(remaining: 12, reset: .seconds(30))),
            ("0", "1787313660", nil, RequestQuota(remaining: 0, reset: .seconds(60))),
            ("5", "784111777", "Sun, 06 Nov 1994 08:49:00 GMT", nil),
            ("5", "1787313660", "Fri, 21 Aug 2026 12:00:50 GMT", RequestQuota(remaining: 5, reset: .seconds(10))),
            ("-1", "30", nil, nil), ("5", "soon", nil, nil), ("5", "-3", nil, nil), ("5", "99999", nil, nil),
        ] as [(String, String, String?, RequestQuota?)]
    )
    func quotas(_ remaining: String, _ reset: String, _ date: String?, _ expected: RequestQuota?) {
        let headers = [("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)]
        let response = HTTPResponse.text(
            "",
            status: 200,
            headers: (headers + (date.map { [("date", $0)] } ?? [])).map { (name: $0.0, value: $0.1) }
        )
        #expect(RequestQuota(response, now: Timestamp(seconds: 1_787_313_600)) == expected)
    }
}
