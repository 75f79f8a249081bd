// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

/// The examples of EmailBison's reference, and what it leaves open.
@Suite struct EmailBisonExampleTests {
    private static let routes = [
        "GET /api/campaigns": "emailbison/campaigns", "POST /api/campaigns/1/stats": "emailbison/stats",
        "GET /api/campaigns/v1.1/1/sequence-steps": "emailbison/sequence",
        "GET /api/sender-emails": "emailbison/mailboxes", "GET /api/warmup/sender-emails": "emailbison/warmup",
        "GET /api/campaigns/sending-schedules": "emailbison/schedules",
    ]

    private func source(_ change: (inout [String: String]) -> Void = { _ in }) throws -> any AccountSource {
        var routes = Self.routes
        change(&routes)
        return EmailBison.stub(try Fixture.responses(routes))
    }

    @Test("The listing has a campaign's totals")
    func listing() async throws {
        let rows = try await source().listing().content.map(\.campaign)
        #expect(rows.map(\.id) == ["1", "2"] && rows.map(\.status) == [.active, .draft])
        #expect(
            rows[0].measures.byName == [
                "created_timestamp_seconds": 1_744_649_961, "leads": 83, "leads_contacted_total": 61,
                "leads_opened_total": 29, "leads_replied_total": 11, "leads_interested_total": 5,
                "leads_unsubscribed_total": 2, "messages_sent_total": 97, "messages_bounced_total": 3,
                "opens_total": 41, "replies_total": 13, "daily_limit": 70, "new_leads_daily_limit": 23,
            ]
        )
    }

    @Test("A variant is a step of its own, numbered as the step that it was made from")
    func steps() async throws {
        let source = try source()
        _ = try await source.listing()
        let steps = try #require(try await source.details(of: ["1"]).content["1"]?.get().steps)
        #expect(steps.map(\.key) == [Step.Key(step: "1"), Step.Key(step: "1", variant: "B")])
        #expect(
            steps[1].measures.byName == [
                "messages_sent_total": 11, "messages_bounced_total": 2, "messages_opened_total": 6,
                "messages_replied_total": 3, "leads_interested_total": 4, "leads_unsubscribed_total": 1,
            ]
        )
    }

    @Test("A draft has no stats, and is not asked for any")
    func draft() async throws {
        let source = try source()
        _ = try await source.listing()
        #expect(try await source.details(of: ["2"]).content["2"]?.get() == Campaign(id: "2"))
    }

    @Test("Mailboxes have their lifetime's totals, warm-up and host; the forecast has a number for each day")
    func mailboxes() async throws {
        let group = try await source().mailboxes().content
        let mailbox = try #require(group.mailboxes.first)
        #expect([mailbox.service, mailbox.status, mailbox.warmupStatus] == ["google", "connected", "enabled"])
        #expect(
            mailbox.measures.byName == [
                "daily_limit": 5, "messages_sent_total": 100, "messages_bounced_total": 2, "opens_total": 25,
                "replies_total": 10, "leads_contacted_total": 50, "leads_opened_total": 8, "leads_replied_total": 7,
                "leads_interested_total": 3, "leads_unsubscribed_total": 1, "health_ratio": 0.925,
                "warmup_messages_sent": 42,
            ]
        )
        #expect(group.messagesScheduled == ["today": 30, "tomorrow": 30, "day_after_tomorrow": 30])
    }

    @Test("After the first fetch each requests one day of the forecast; on another day none is shown before that")
    func forecast() async throws {
        let clock = Mutex(1_787_313_600.0)
        let record = RecordingTransport(StubTransport(respond: try Fixture.responses(Self.routes)))
        let now: @Sendable () -> Timestamp = { Timestamp(seconds: clock.withLock { $0 }) }
        let source = EmailBison.source(for: account(), in: .test(record, now: now))
        func days() -> [String] { record.requests.compactMap { $0.query["day"] } }
        #expect(try await source.mailboxes().content.messagesScheduled?.count == 3)
        for _ in 0..<3 { #expect(try await source.mailboxes().content.messagesScheduled?.count == 3) }
        #expect(days().count == 6 && Set(days().suffix(3)).count == 3)
        clock.withLock { $0 += 86_400 }
        #expect(try await source.mailboxes().content.messagesScheduled?.count == 1)
    }

    @Test("Without the forecast's route everything else is collected")
    func withoutForecast() async throws {
        let result = try await source { $0["GET /api/campaigns/sending-schedules"] = nil }.mailboxes()
        #expect(result.content.mailboxes.count == 1 && result.content.messagesScheduled == nil)
        #expect(result.failures.count == 3 && result.failures[0].route == "/api/campaigns/sending-schedules")
    }

    @Test(
        "Statuses count in any case, and those that only filters know",
        arguments: [
            ("ACTIVE", CampaignStatus.active), ("launching", .active), ("Queued", .active), ("Stopped", .paused),
            ("Pending deletion", .archived), ("failed", .error), ("dreaming", .unknown),
        ]
    )
    func statuses(_ text: String, _ status: CampaignStatus) throws {
        let row: EmailBisonCampaign = try decode(["id": 1, "status": .text(text)])
        #expect(EmailBisonMapping.listing([row]).content.map(\.campaign.status) == [status])
    }

    @Test("Curves become days: each label once, points of a day added up, points without a date apart")
    func days() throws {
        let sent: JSON = ["label": "Sent", "dates": [["2025-05-03", 4], ["2025-05-03", "5"], [nil, 1]]]
        let other: JSON = ["label": "Replied", "dates": [["2025-05-03", 9]]]
        let chart: EmailBisonChart = try decode(["data": [sent, sent, other]])
        #expect(chart.days.map { $0.day.map { "\($0)" } } == ["2025-05-03", "2025-05-03", nil])
        #expect(chart.days.map { $0.measures[.messagesSent] } == [4, 5, 1])
    }

    @Test("Mailboxes without an address, or with one address, lose themselves at most")
    func addresses() async throws {
        let rows: JSON = [
            ["id": 1, "email": "a@x.com"], ["id": 2], ["id": 3, "email": nil], ["id": 4, "email": "b@x.com"],
            ["id": 5, "email": "b@x.com"],
        ]
        let source = EmailBison.stub { request in
            let page: JSON = ["current_page": 1, "last_page": 1, "per_page": 15, "total": 5]
            return request.path.last == "sender-emails" ? .json(["data": rows, "meta": page]) : .json(["data": []])
        }
        let mailboxes = try await source.mailboxes()
        #expect(Set(mailboxes.content.mailboxes.map(\.address)) == ["a@x.com", "b@x.com"])
        #expect(mailboxes.failures.contains(.invalid(status: 200, reason: "a mailbox without an address")))
    }

    @Test("A sequence is read again for an edited campaign and for a step that it lacks, else not")
    func cache() async throws {
        let cache = SequenceCache<[String]>()
        func read(_ step: String, _ fetched: String) async throws -> [String] {
            try await cache.sequence(of: "c", fits: { $0.contains(step) }) { [fetched] }
        }
        cache.list(["c": "1"])
        #expect(try await read("a", "a") == ["a"])
        #expect(try await read("a", "x") == ["a"])
        #expect(try await read("b", "b") == ["b"])
        cache.list(["c": "2"])
        #expect(try await read("b", "bb") == ["bb"])
    }
}
