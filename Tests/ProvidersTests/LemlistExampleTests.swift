// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Testing

@testable import Providers

/// Every number of the example responses.
@Suite struct LemlistExampleTests {
    private func source() throws -> any AccountSource {
        let routes = try Fixture.responses([
            "GET /campaigns": "lemlist/campaigns",
            "GET /v2/campaigns/cam_789/stats": "lemlist/stats",
            "POST /v2/campaigns/stats/batch": "lemlist/batch",
            "GET /campaigns/cam_789/statutes": "lemlist/statutes",
            "GET /team": "lemlist/team",
            "GET /team/credits": "lemlist/credits",
            "GET /users/usr_eSrHPSoL9QVPUOsho": "lemlist/user",
            "GET /lemwarm/usm_2mkqJNUjnJQiyVBht/settings": "lemlist/lemwarm",
        ])
        return Lemlist.stub(routes)
    }

    @Test("The listing gives names, statuses and dates")
    func listing() async throws {
        let campaigns = try await source().listing().content.map(\.campaign)
        #expect(campaigns.map(\.id) == ["cam_4HrZbi8xsez4QlrnL", "cam_yZXeC6q3SXs3ha1FI"])
        #expect(campaigns.map(\.name) == ["Product Launch Campaign", "Customer Onboarding"])
        #expect(campaigns.map(\.status) == [.active, .completed])
        #expect(
            campaigns.map(\.measures.byName) == [
                ["created_timestamp_seconds": 1_740_062_754.23], ["created_timestamp_seconds": 1_655_213_577.88],
            ]
        )
    }

    @Test("What is wrong with a campaign is told by the listing, and by its statutes: the worst of them")
    func sending() async throws {
        let source = try source()
        #expect(try await source.listing().content.map(\.sending?.state) == ["no_accounts_available", nil])
        #expect(try await source.sendingStatus(of: "cam_789") == SendingStatus("no_accounts_available"))
    }

    @Test(
        "Statutes become a word: of the category, else of the message, never the message itself",
        arguments: [
            ("[]", "healthy"), (#"[{"level": 1, "message": "Hello"}]"#, "healthy"),
            (#"[{"level": 3, "message": "me@example.com is wrong"}]"#, "error"),
            (#"[{"level": 2, "message": "x", "category": "Domain Not-Verified"}]"#, "domain_not_verified"),
            (#"[{"level": "1", "message": "No more leads"}, {"level": "2", "message": "A limit"}]"#, "daily_limit_met"),
        ]
    )
    func statutes(_ rows: String, state: String) async throws {
        let source = Lemlist.stub { _ in .text(#"{"statutes": \#(rows)}"#, status: 200) }
        #expect(try await source.sendingStatus(of: "cam_1")?.state == state)
    }

    @Test("A campaign that the batch leaves out is asked for alone, and gives every number")
    func stats() async throws {
        let campaign = try #require(try await source().details(of: ["cam_789"]).content["cam_789"]).get()
        #expect(
            campaign.measures.byName == [
                "leads": 32, "leads_contacted_total": 32, "leads_reached_total": 32, "leads_opened_total": 31,
                "leads_interacted_total": 4, "leads_replied_total": 16, "leads_interested_total": 1,
                "leads_not_interested_total": 0, "leads_unsubscribed_total": 1, "leads_interrupted_total": 1,
                "messages_sent_total": 72, "messages_not_sent_total": 0, "messages_bounced_total": 0,
                "messages_delivered_total": 72, "messages_opened_total": 47, "messages_clicked_total": 4,
                "messages_replied_total": 16, "invitations_accepted_total": 0, "meetings_booked_total": 0,
            ]
        )
    }

    @Test("The steps give every number, their key and their task")
    func steps() async throws {
        let steps = try #require(try await source().details(of: ["cam_789"]).content["cam_789"]).get().steps
        let sequence = "seq_rH5RD3fMkkt2gM3YC"
        #expect(steps.map(\.key) == ["1", "2", "3"].map { Step.Key(sequence: sequence, step: $0, variant: "A") })
        #expect(steps.map(\.channel) == ["linkedin", "other", "other"])
        #expect(steps.map(\.task) == ["linkedinSend", "", ""])
        #expect(
            steps.first?.measures.byName == [
                "messages_sent_total": 32, "messages_delivered_total": 32, "messages_not_delivered_total": 0,
                "messages_bounced_total": 0, "messages_opened_total": 15, "messages_clicked_total": 0,
                "messages_replied_total": 15, "invitations_sent_total": 0, "leads_unsubscribed_total": 1,
            ]
        )
    }

    @Test(
        "The steps' messages add up to the campaign's",
        arguments: [
            (StepMeasure.messagesSent, CampaignMeasure.messagesSent), (.messagesDelivered, .messagesDelivered),
            (.messagesOpened, .messagesOpened), (.messagesClicked, .messagesClicked),
            (.messagesReplied, .messagesReplied),
        ]
    )
    func sums(_ measures: (step: StepMeasure, campaign: CampaignMeasure)) async throws {
        let campaign = try #require(try await source().details(of: ["cam_789"]).content["cam_789"]).get()
        let sum = campaign.steps.compactMap { $0.measures[measures.step] }.reduce(0, +)
        #expect(sum == campaign.measures[measures.campaign])
    }

    @Test("A batch gives what it has; the campaign in trouble is asked for alone and found gone")
    func batch() async throws {
        let details = try await source().details(of: ["cam_123", "cam_456"]).content
        let campaign = try #require(details["cam_123"]).get()
        #expect(campaign.measures.byName["leads"] == 32)
        #expect(campaign.steps.map(\.key.step) == ["1"])
        #expect(details["cam_456"] == .failure(.gone))
    }

    @Test("The team's credits are what is left of the plan, whichever field tells them")
    func credits() async throws {
        let left = [PlanQuantity(.remaining, of: "credits", 100)]
        #expect(try await source().plan() == left)
        let other = Lemlist.stub { _ in .text(#"{"details": {"remaining": {"total": "100"}}}"#, status: 200) }
        #expect(try await other.plan() == left)
    }

    @Test("The users' mailboxes come with their lemwarm scores, where they warm up")
    func mailboxes() async throws {
        let boxes = try await source().mailboxes().content.mailboxes
        #expect(boxes.map(\.address) == ["example@gmail.com", "example@outlook.com", "example@custom.example"])
        #expect(boxes.map(\.service) == ["google", nil, nil])
        #expect(boxes.map(\.status) == ["connected", "error", "disconnected"])
        #expect(boxes.map(\.warmupStatus) == ["active", "inactive", nil])
        #expect(
            boxes.map(\.measures.byName) == [["daily_limit": 50, "health_ratio": 0.7], ["daily_limit": 50], [:]]
        )
    }
}
