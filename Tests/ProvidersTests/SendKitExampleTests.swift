// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Providers

/// Every number of the example responses.
@Suite struct SendKitExampleTests {
    private static let seed = "665a1b2c3d4e5f6a7b8c9d0e"

    private func source(_ account: AccountSettings = account()) throws -> any AccountSource {
        let routes = try Fixture.responses([
            "GET /v1/campaigns": "sendkit/campaigns",
            "GET /v1/campaigns/\(Self.seed)/analytics": "sendkit/analytics",
            "GET /v1/workspaces": "sendkit/workspaces",
            "GET /v1/mailboxes": "sendkit/mailboxes",
            "GET /v1/analytics/mailboxes": "sendkit/mailbox-totals",
            "GET /v1/warmup/stats": "sendkit/warmup",
        ])
        return SendKit.stub(for: account, routes)
    }

    private func detail() async throws -> Campaign {
        try #require(try await source().details(of: [Self.seed]).content[Self.seed]).get()
    }

    @Test("The listing gives names and statuses, and lets its counters only show movement")
    func listing() async throws {
        let rows = try await source().listing().content
        #expect(rows.map(\.campaign) == [Campaign(id: Self.seed, name: "Q1 Outreach Campaign", status: .active)])
        #expect(
            rows.map(\.revision) == ["contacted=150.0 contactedLeads=150.0 totalEmailsSent=150.0 totalLeads=200.0"]
        )
    }

    @Test("The workspace is the label of all campaigns: the chosen one, or the only one")
    func workspace() async throws {
        let cases: [(String?, [String]?)] = [(nil, ["Northwind"]), ("ws_1", ["Northwind"]), ("ws_9", nil)]
        for (workspace, labels) in cases {
            let options: [String: OptionValue] = workspace.map { ["workspace": .text($0)] } ?? [:]
            #expect(try await source(account(options)).campaignLabels(of: [Self.seed]).labels[Self.seed] == labels)
        }
    }

    @Test("The same response tells the usage of the workspace that is looked at")
    func usage() async throws {
        let used = [("campaigns", 1.0), ("leads", 500), ("mailboxes", 2), ("messages", 150)]
            .map { PlanQuantity(.used, of: $0, $1) }
        #expect(try await source().campaignLabels(of: []).plan == used)
        #expect(try await source(account(["workspace": .text("ws_9")])).campaignLabels(of: []).plan == [])
    }

    @Test("The analytics give every number")
    func analytics() async throws {
        let campaign = try await detail()
        #expect(campaign.name == "Q1 Outreach Campaign")
        #expect(campaign.status == .active)
        #expect(
            campaign.measures.byName == [
                "started_timestamp_seconds": 1_749_978_000, "leads": 500, "leads_replied_total": 12,
                "leads_unsubscribed_total": 2, "messages_sent_total": 150, "messages_delivered_total": 145,
                "messages_bounced_total": 5, "messages_opened_total": 72, "messages_clicked_total": 18,
                "messages_replied_total": 12,
            ]
        )
        #expect(
            campaign.leadsByStatus == [
                "active": 350, "completed": 100, "bounced": 5, "unsubscribed": 2, "replied": 12, "removed": 31,
            ]
        )
    }

    @Test("The steps give every number, and count the waits between them")
    func steps() async throws {
        let steps = try await detail().steps
        #expect(steps.map(\.key) == [Step.Key(step: "1"), Step.Key(step: "3")])
        #expect(steps.map(\.channel) == ["email", "email"])
        #expect(
            steps.map(\.measures.byName) == [
                [
                    "messages_sent_total": 100, "messages_opened_total": 50, "messages_clicked_total": 12,
                    "messages_bounced_total": 3,
                ],
                [
                    "messages_sent_total": 50, "messages_opened_total": 22, "messages_clicked_total": 6,
                    "messages_bounced_total": 2,
                ],
            ]
        )
    }

    @Test(
        "The steps' messages add up to the campaign's",
        arguments: [
            (StepMeasure.messagesSent, CampaignMeasure.messagesSent), (.messagesOpened, .messagesOpened),
            (.messagesClicked, .messagesClicked), (.messagesBounced, .messagesBounced),
        ]
    )
    func sums(_ measures: (step: StepMeasure, campaign: CampaignMeasure)) async throws {
        let campaign = try await detail()
        let sum = campaign.steps.compactMap { $0.measures[measures.step] }.reduce(0, +)
        #expect(sum == campaign.measures[measures.campaign])
    }

    @Test("Mailboxes come with their warm-ups, in base units")
    func mailboxes() async throws {
        let boxes = try await source().mailboxes().content.mailboxes
        #expect(boxes.map(\.address) == ["a@x.com", "b@X.com"])
        #expect(boxes.map(\.service) == ["gmail", "outlook"])
        #expect(boxes.map(\.status) == ["warming_up", "active"])
        #expect(boxes.map(\.warmupStatus) == ["in_progress", nil])
        #expect(
            boxes.map(\.measures.byName) == [
                [
                    "daily_limit": 50, "health_ratio": 0.825, "messages_sent_today": 20, "messages_sent_total": 1_200,
                    "bounce_ratio": 0.02, "warmup_messages_sent": 40, "messages_received_total": 300,
                ],
                ["health_ratio": 0.6],
            ]
        )
        #expect(boxes.map(\.placements) == [["inbox": 36, "spam": 3, "promotions": 1], [:]])
    }

    @Test("The checks of a domain pass only if they pass for all its mailboxes; an open one is none")
    func checks() async throws {
        let answer = try await source().mailboxes()
        #expect(
            answer.content.domainChecks == [
                DomainCheck(domain: "x.com", check: "dkim", passed: false),
                DomainCheck(domain: "x.com", check: "mx", passed: true),
                DomainCheck(domain: "x.com", check: "spf", passed: false),
            ]
        )
        #expect(answer.unknownFields.isEmpty)
    }
}
