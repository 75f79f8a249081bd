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

    @Test(
        "Analytics may be a list, an object around it, or nothing; only a list tells that a campaign has sent nothing",
        arguments: [
            ("[]", 0.0), (#"{"items":[]}"#, 0), ("null", nil), ("", nil),
            (#"[{"campaign_id":"c","emails_sent_count":7}]"#, 7),
            (#"{"items":[{"campaign_id":"c","emails_sent_count":7}]}"#, 7),
            (#"{"items":[],"next_starting_after":"x"}"#, nil),
        ]
    )
    func shapes(_ analytics: String, _ sent: Double?) async throws {
        let source = Instantly.stub { request in
            request.path.last == "analytics" ? .text(analytics, status: 200) : .json(["items": [["id": "c"]]])
        }
        let listing = try await source.listing().content
        #expect(listing.map(\.campaign.id) == ["c"])
        #expect(listing.first?.campaign.measures[.messagesSent] == sent)
    }

    @Test("Analytics that time out are requested without leads for a day")
    func slowAnalytics() async throws {
        let now = Mutex(Timestamp(seconds: 1_000_000))
        let requests = Mutex<[String]>([])
        let transport = SlowAnalytics(requests: { url in requests.withLock { $0.append(url) } })
        let source = Instantly.source(
            for: account(),
            in: .test(transport, now: { now.withLock(\.self) })
        )
        for elapsed in [0.0, 86_000, 86_500] {
            now.withLock { $0 = Timestamp(seconds: 1_000_000 + elapsed) }
            let listing = try await source.listing()
            #expect(listing.content.first?.campaign.measures[.messagesSent] == 7)
            #expect(listing.content.first?.campaign.measures[.leads] == nil)
            #expect(listing.presence.first?.needed.contains("leads_count") == false)
        }
        let analytics = "http://stub/api/v2/campaigns/analytics"
        let withoutLeads = analytics + "?exclude_total_leads_count=true"
        #expect(
            requests.withLock { $0 } == [analytics, withoutLeads, withoutLeads, analytics, withoutLeads]
        )
    }

    @Test("Warm-up that is refused to the key is requested again after an hour, mailboxes are fetched meanwhile")
    func refusedWarmup() async throws {
        let now = Mutex(Timestamp(seconds: 1_000_000))
        let requests = Mutex(0)
        let source = Instantly.stub(now: { now.withLock(\.self) }) { request in
            guard request.path.last == "warmup-analytics" else { return .json(["items": [["email": "a@x.com"]]]) }
            requests.withLock { $0 += 1 }
            return .text("Forbidden", status: 403)
        }
        for (elapsed, expected) in [(0.0, 1), (900, 1), (3_599, 1), (3_600, 2), (-5, 3)] {
            now.withLock { $0 = Timestamp(seconds: 1_000_000 + elapsed) }
            let mailboxes = try await source.mailboxes()
            #expect(mailboxes.content.mailboxes.count == 1)
            #expect(mailboxes.incomplete["a@x.com"]?.isRefusal == true)
            #expect(requests.withLock(\.self) == expected)
        }
    }

    @Test("A mailbox without an address loses only itself, and is told")
    func withoutAddress() async throws {
        let source = Instantly.stub { request in
            request.path.last == "accounts"
                ? .json(["items": [["email": "a@x.com"], ["daily_limit": 3], ["email": ""], ["email": "b@x.com"]]])
                : .json(["aggregate_data": [:]])
        }
        let mailboxes = try await source.mailboxes()
        #expect(mailboxes.content.mailboxes.map(\.address) == ["a@x.com", "b@x.com"])
        #expect(mailboxes.failures == [.invalid(status: 200, reason: "a mailbox without an address")])
    }

    @Test("Fields that no row has any more are told with the route")
    func drift() async throws {
        let source = Instantly.stub { request in
            request.path.last == "analytics"
                ? .json([["campaign_id": "c", "emails_sent_count": 7, "leads_count": 1]])
                : .json(["items": [["id": "c"]]])
        }
        let presence = try #require(try await source.listing().presence.first)
        #expect(presence.route == "/api/v2/campaigns/analytics")
        #expect(presence.needed.subtracting(presence.present) == ["bounced_count", "contacted_count"])
    }
}

/// Answers the analytics only where leads are excluded.
private struct SlowAnalytics: Transport {
    let requests: @Sendable (String) -> Void

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard request.path.last == "analytics" else { return .json(["items": []]) }
        requests(request.url)
        guard request.query["exclude_total_leads_count"] == "true" else { throw .timedOut }
        return .json([["campaign_id": "c", "emails_sent_count": 7, "leads_count": 0]])
    }
}
