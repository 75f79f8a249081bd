// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

/// Known edge cases of Instantly's API.
@Suite struct InstantlyEdgeCaseTests {
    @Test("A cursor with reserved characters travels whole")
    func cursor() async throws {
        let source = Instantly.stub { request in
            guard request.path.last == "accounts" else { return .json(["aggregate_data": [:]]) }
            guard request.url.contains("starting_after=2026-01-01T00%3A00%3A00.000Z%26a%2Bb%40x.com") else {
                return .json([
                    "items": [["email": "a+b@x.com"]], "next_starting_after": "2026-01-01T00:00:00.000Z&a+b@x.com",
                ])
            }
            return .json(["items": [["email": "last@x.com"]]])
        }
        #expect(try await source.mailboxes().content.mailboxes.map(\.address) == ["a+b@x.com", "last@x.com"])
    }

    @Test("A cursor that stays behind new rows is the end")
    func standingCursor() async throws {
        let source = Instantly.stub { request in
            let id: JSON = request.query["starting_after"] == nil ? "1" : "2"
            return request.path.last == "campaigns"
                ? .json(["items": [["id": id]], "next_starting_after": "x"]) : .json([])
        }
        #expect(try await source.listing().content.map(\.campaign.id) == ["1", "2"])
    }

    @Test("The options become a header and a parameter")
    func options() async throws {
        let requests = Mutex<[HTTPRequest]>([])
        let options: [String: OptionValue] = ["workspace": .text("w-1"), "expand_crm_events": .flag(true)]
        let source = Instantly.stub(for: account(options, startDate: "2024-01-01")) { request in
            requests.withLock { $0.append(request) }
            return request.path.last == "overview" ? .json(["open_count": 1]) : .json([])
        }
        _ = try await source.details(of: ["c"])
        let sent = requests.withLock { $0 }
        #expect(
            sent.map(\.url) == [
                "http://stub/api/v2/campaigns/analytics/overview?id=c&start_date=2024-01-01&expand_crm_events=true",
                "http://stub/api/v2/campaigns/analytics/steps?campaign_id=c&include_opportunities_count=true"
                    + "&start_date=2024-01-01",
            ]
        )
        #expect(sent.allSatisfy { $0.headers.contains { $0 == ("x-as-workspace", "w-1") } })
    }

    @Test(
        "A group of campaigns holds while the sums of what only the overview tells are theirs",
        arguments: [
            (["open_count": 30, "reply_count": 3, "emails_sent_count": 999], true),
            (["open_count": 30, "reply_count": 3, "total_closed": 0], true), (["open_count": 30], false),
            (["open_count": 31, "reply_count": 3], false),
            (["open_count": 30, "reply_count": 3, "total_meeting_booked": 1], false),
        ] as [([String: Double], Bool)]
    )
    func groups(overview: [String: Double], holds: Bool) async throws {
        let requests = Mutex<[String]>([])
        let source = Instantly.stub { request in
            requests.withLock { $0.append(request.url) }
            return .json(.object(overview.mapValues { .number($0) }))
        }
        var first = Measures<CampaignMeasure>()
        first[.opens] = 10
        first[.replies] = 3
        var second = Measures<CampaignMeasure>()
        second[.opens] = 20
        second[.leadsOpened] = 15
        #expect(
            try await source.areUnchanged([Campaign(id: "a", measures: first), Campaign(id: "b", measures: second)])
                == holds
        )
        #expect(requests.withLock { $0 } == ["http://stub/api/v2/campaigns/analytics/overview?ids=a&ids=b"])
    }

    @Test("Steps without attribution are unknown, and summed")
    func unattributed() async throws {
        let source = Instantly.stub { request in
            request.path.last == "overview"
                ? .json(["open_count": 1])
                : .json([
                    ["step": nil, "variant": nil, "opened": 1], ["step": "null", "variant": "null", "opened": 2],
                    ["step": "2", "variant": "26", "opened": 4], ["step": 2, "variant": 0, "opened": 8],
                ])
        }
        let steps = try #require(try await source.details(of: ["c"]).content["c"]).get().steps
        #expect(
            steps.map(\.key) == [
                Step.Key(step: "2", variant: "A"), Step.Key(step: "2", variant: "AA"),
                Step.Key(step: "unknown", variant: "unknown"),
            ]
        )
        #expect(steps.map { $0.measures[.opens] } == [8, 4, 3])
    }

    @Test("The overview's event counts win, and the unique counts of the analytics stand where it has none")
    func precedence() throws {
        let listed = InstantlyMapping.listing(
            [],
            [try decode(["campaign_id": "c", "open_count": 5, "open_count_unique": 4, "reply_count_unique": 3])]
        )
        let detail = InstantlyMapping.detail("c", try decode(["open_count": 9, "open_count_unique": 6]), steps: [])
        let whole = try #require(listed.content.first).campaign.completed(by: detail)
        #expect(whole.measures.byName == ["opens_total": 9, "leads_opened_total": 6, "leads_replied_total": 3])
    }

    @Test(
        "Every documented status has its word",
        arguments: [
            ("0", CampaignStatus.draft), ("1", .active), ("2", .paused), ("3", .completed),
            ("4", .runningSubsequences), ("-99", .accountSuspended), ("-1", .accountsUnhealthy),
            ("-2", .bounceProtect), ("77", .unknown),
        ]
    )
    func statuses(_ code: String, _ status: CampaignStatus) throws {
        let result = InstantlyMapping.listing([], [try decode(["campaign_id": "c", "campaign_status": .text(code)])])
        #expect(result.content.map(\.campaign.status) == [status])
        #expect(result.unknownFields == (status == .unknown ? ["campaign_status"] : []))
    }

    @Test("Codes of mailboxes that nobody knows are counted")
    func unknownCodes() throws {
        let row: InstantlyAccount = try decode(["email": "a@x", "status": 9, "warmup_status": 9, "provider_code": 9])
        let result = InstantlyMapping.mailboxes([row], [:])
        #expect(result.unknownFields == ["mailbox_service", "mailbox_status", "mailbox_warmup_status"])
        #expect(result.content.mailboxes.map(\.status) == ["unknown"])
    }

    @Test("A warm-up without a message sent has no health", arguments: [(0, nil), (5, 0.0)])
    func health(_ sent: Int, _ health: Double?) throws {
        let row: InstantlyWarmupTotals = try decode(["sent": .number(Double(sent))])
        #expect(row.measures[.healthRatio] == health)
        #expect(row.placements == ["inbox": 0, "spam": 0])
    }

    @Test("An error that comes with a status of success is a failure")
    func disguisedError() async throws {
        let source = Instantly.stub { _ in .json(["error": "Internal", "message": "ask x@y.com"]) }
        let failure = APIError.invalid(status: 200, reason: "an error in place of an answer: ask …")
        #expect(try await source.details(of: ["c"]).content == ["c": .failure(failure)])
        await #expect(throws: APIError.self) { try await source.listing() }
        await #expect(throws: APIError.self) { try await source.mailboxes() }
    }

    @Test("A row without an id makes the listing doubtful")
    func anonymousRow() async throws {
        let source = Instantly.stub { _ in .json(["items": [["name": "who?"]]]) }
        let failure = APIError.invalid(status: 200, reason: "an entry without id")
        await #expect(throws: failure) { try await source.listing() }
    }
}
