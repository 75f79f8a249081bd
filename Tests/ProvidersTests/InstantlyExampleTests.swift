// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Testing

@testable import Providers

/// Every number of the example responses.
@Suite struct InstantlyExampleTests {
    private static let seed = "019981cb-fb9a-7815-bd5b-86b3e94b60c2"
    private static let listed = "019e18e2-a526-75b1-9bd6-0194f5dbd386"

    private func source() throws -> any AccountSource {
        let routes = try Fixture.responses([
            "GET /api/v2/campaigns/analytics": "instantly/analytics",
            "GET /api/v2/campaigns/analytics/overview": "instantly/overview",
            "GET /api/v2/campaigns/analytics/steps": "instantly/steps",
            "GET /api/v2/campaigns/\(Self.seed)/sending-status": "instantly/sending-status",
            "GET /api/v2/custom-tags": "instantly/tags",
            "GET /api/v2/custom-tag-mappings": "instantly/tag-mappings",
            "GET /api/v2/workspace-billing/plan-details": "instantly/plan",
            "GET /api/v2/accounts": "instantly/accounts",
            "GET /api/v2/accounts/analytics/daily": "instantly/mailbox-days",
            "POST /api/v2/accounts/warmup-analytics": "instantly/warmup",
            "POST /api/v2/accounts/test/vitals": "instantly/vitals",
        ])
        let pages = try [Fixture.body("instantly/campaigns"), Fixture.body("instantly/campaigns-end")]
        return Instantly.stub { request in
            guard request.path.last == "campaigns" else { return routes(request) }
            return .init(status: 200, body: pages[request.query["starting_after"] == nil ? 0 : 1])
        }
    }

    @Test("The listing joins campaigns and analytics")
    func listing() async throws {
        let rows = Dictionary(uniqueKeysWithValues: try await source().listing().content.map { ($0.campaign.id, $0) })
        #expect(rows.count == 2)
        let draft = try #require(rows[Self.listed])
        #expect(draft.reported.measures.byName == ["daily_limit": 100])
        #expect((draft.reported.name, draft.reported.status, draft.sending) == ("My First Campaign", .active, nil))
        #expect(draft.campaign.measures[.messagesSent] == 0 && draft.campaign.measures[.opens] == 0)
        #expect(draft.campaign.measures[.leads] == nil)
        #expect(draft.revision.contains("2026-05-11T19:58:29.158Z"))
        let counted = try #require(rows[Self.seed])
        #expect(counted.campaign.name == "My Test Campaign")
        #expect(counted.campaign.status == .active)
        #expect(counted.revision.contains("800 800 300"))
        #expect(
            counted.campaign.measures.byName == [
                "evergreen": 1, "leads": 1_500, "leads_contacted_total": 1_200, "new_leads_contacted_total": 200,
                "leads_unsubscribed_total": 20, "leads_completed_total": 1_100, "messages_sent_total": 5_000,
                "messages_bounced_total": 50, "leads_with_opportunity_total": 10, "opportunity_value": 1_000,
            ]
        )
    }

    @Test("The overview gives events, messages, leads and CRM totals")
    func overview() async throws {
        let campaign = try #require(try await source().details(of: [Self.seed]).content[Self.seed]).get()
        #expect(
            campaign.measures.byName == [
                "opens_total": 800, "clicks_total": 800, "replies_total": 300, "automatic_replies_total": 50,
                "leads_opened_total": 800, "leads_clicked_total": 800, "leads_replied_total": 300,
                "leads_replied_automatically_total": 45, "messages_opened_total": 800, "messages_clicked_total": 800,
                "messages_replied_total": 300, "messages_replied_automatically_total": 45,
                "leads_interested_total": 103, "meetings_booked_total": 45, "meetings_completed_total": 12,
                "deals_closed_total": 10,
            ]
        )
    }

    @Test("The steps give every number of a variant")
    func steps() async throws {
        let campaign = try #require(try await source().details(of: [Self.seed]).content[Self.seed]).get()
        let step = try #require(campaign.steps.first)
        #expect(campaign.steps.count == 1)
        #expect(step.key == Step.Key(sequence: "main", step: "1", variant: "A"))
        #expect(step.channel == "email" && step.task.isEmpty && step.condition.isEmpty)
        #expect(
            step.measures.byName == [
                "messages_sent_total": 5_421, "opens_total": 99, "messages_opened_total": 60, "replies_total": 60,
                "messages_replied_total": 60, "automatic_replies_total": 5,
                "messages_replied_automatically_total": 4, "clicks_total": 60, "messages_clicked_total": 60,
                "opportunities_total": 10, "leads_with_opportunity_total": 8,
            ]
        )
    }

    @Test("The sending status tells the reason, limits, what was sent today, the leads that wait and the mailboxes")
    func sending() async throws {
        let status = try #require(try await source().sendingStatus(of: Self.seed))
        #expect(status.state == "account_daily_limit_met")
        #expect(
            status.measures.byName == [
                "daily_limit": 90, "messages_sent_today": 37, "leads_waiting": 14,
            ]
        )
        #expect(
            status.mailboxes == [
                "available": 1, "daily_limit_hit": 2, "slow_ramp_limit_hit": 0, "disconnected": 4,
                "global_gap_not_met": 0,
            ]
        )
    }

    @Test(
        "The listing tells a reason as a code",
        arguments: [
            ("1", "out_of_schedule"), ("2", "waiting_for_leads"), ("3", "daily_limit_met"),
            ("4", "account_daily_limit_met"), ("99", "error"), ("98", "unknown"), ("0", nil), ("null", nil),
        ] as [(String, String?)]
    )
    func code(_ code: String, state: String?) async throws {
        let row = #"{"items": [{"id": "c1", "status": 1, "not_sending_status": \#(code)}]}"#
        let source = Instantly.stub { request in
            .text(request.path.last == "campaigns" ? row : "[]", status: 200)
        }
        let listing = try await source.listing()
        #expect(listing.content.map(\.sending?.state) == [state])
        #expect(listing.unknownFields == (state == "unknown" ? ["not_sending_status"] : []))
    }

    @Test("Custom tags are labels of the campaigns that they are mapped to, whatever type the mapping names")
    func labels() async throws {
        let labels = try await source().campaignLabels(of: [Self.seed, Self.listed])
        #expect(labels == LabelGroup([Self.seed: ["Northwind", "priority"]]))
    }

    @Test("The plan tells the leads that it allows and that there are, and the credits that are left")
    func plan() async throws {
        #expect(
            try await source().plan() == [
                PlanQuantity(.limit, of: "leads", 25_000), PlanQuantity(.used, of: "leads", 18_250),
                PlanQuantity(.remaining, of: "credits", 4_120),
            ]
        )
    }

    @Test(
        "Of a plan only what is certain is told: no number, -1 for no limit and an unknown shape tell nothing",
        arguments: [
            ("{}", []), (#"{"subscriptions": null}"#, []), (#"{"subscriptions": []}"#, []),
            (#"{"subscriptions": {"outreach": {"total_lead_limit": -1, "current_lead_count": "7"}}}"#, ["used"]),
            (#"{"subscriptions": {"outreach": {"total_lead_limit": "none"}, "credits": null}}"#, []),
        ] as [(String, [String])]
    )
    func oddPlan(_ body: String, kinds: [String]) async throws {
        let source = Instantly.stub { _ in .text(body, status: 200) }
        #expect(try await source.plan().map(\.kind.rawValue) == kinds)
    }

    @Test("A workspace without the plan's route refuses the part", arguments: [402, 403, 404])
    func noPlan(_ status: Int) async throws {
        let source = Instantly.stub { _ in .text(#"{"message":"no"}"#, status: status) }
        let error = await #expect(throws: APIError.self) { try await source.plan() }
        #expect(error?.isRefusal == true && error?.part == .planLimits && error?.concernsAccount == false)
    }

    @Test("Accounts, their warm-ups and their days are mailboxes; zeros left out of a warm-up are zeros")
    func mailboxes() async throws {
        let boxes = try await source().mailboxes().content.mailboxes
        #expect(boxes.map(\.address) == ["example1@example.com", "example2@example.com", "example3@example.org"])
        #expect(boxes.map(\.service) == ["google", "microsoft", "custom"])
        #expect(boxes.map(\.status) == ["active", nil, "connection_error"])
        #expect(boxes.map(\.warmupStatus) == ["active", "banned", "paused"])
        #expect(
            boxes.map(\.measures.byName) == [
                [
                    "daily_limit": 100, "sending_gap_seconds": 600, "setup_pending": 0, "warmup_score_ratio": 0.85,
                    "health_ratio": 0.87, "warmup_messages_sent": 15,
                    "warmup_messages_received": 15, "messages_sent_total": 40, "messages_bounced_total": 2,
                    "opens_total": 21, "clicks_total": 7, "replies_total": 5, "leads_contacted_total": 25,
                    "leads_opened_total": 18, "leads_replied_total": 4,
                ],
                [
                    "health_ratio": 1, "warmup_messages_sent": 7, "warmup_messages_received": 0,
                    "messages_sent_total": 33, "messages_bounced_total": 1, "opens_total": 11, "clicks_total": 2,
                    "replies_total": 4, "leads_contacted_total": 20, "leads_opened_total": 10,
                    "leads_replied_total": 3,
                ],
                [
                    "messages_sent_total": 0, "messages_bounced_total": 0, "opens_total": 0, "clicks_total": 0,
                    "replies_total": 0, "leads_contacted_total": 0, "leads_opened_total": 0,
                    "leads_replied_total": 0,
                ],
            ]
        )
        #expect(boxes.map(\.placements) == [["inbox": 13, "spam": 2], ["inbox": 7, "spam": 0], [:]])
    }

    @Test("The vitals are checks of domains")
    func vitals() async throws {
        let source = try source()
        let checks = try await source.domainChecks(for: source.mailboxes().content.mailboxes).content
        let passed = checks.filter(\.passed).map { "\($0.domain) \($0.check)" }
        #expect(checks.count == 8)
        #expect(
            passed == [
                "example.com dkim", "example.com dmarc", "example.com mx", "example.com spf", "example.org mx",
                "example.org spf",
            ]
        )
    }
}
