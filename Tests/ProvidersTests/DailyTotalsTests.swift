// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

/// Totals of counters that Instantly reports per day alone.
@Suite struct DailyTotalsTests {
    /// Noon of 2026-08-21.
    private static let noon = 1_787_313_600.0
    private static let zeros = [
        "messages_sent_total": 0.0, "messages_bounced_total": 0, "opens_total": 0, "clicks_total": 0,
        "replies_total": 0, "leads_contacted_total": 0, "leads_opened_total": 0, "leads_replied_total": 0,
    ]

    @Test("Open days are requested again, closed ones are remembered, also by the next source")
    func days() async throws {
        let provider = DailyStub(["2026-08-01": 100, "2026-08-14": 10, "2026-08-15": 5, "2026-08-21": 1])
        let facts = AccountFacts()
        #expect(try await provider.sent(facts) == 116)
        // The closed days, up to the 14th, are neither requested nor counted again.
        provider.change(["2026-08-14": 99, "2026-08-15": 6, "2026-08-20": 4, "2026-08-21": 2])
        #expect(try await provider.sent(facts) == 110 + 12)
        provider.now = Self.noon + 86_400
        #expect(try await provider.sent(facts) == 110 + 12)
        #expect(provider.starts == ["2026-08-01", "2026-08-15", "2026-08-15"])
        #expect(
            facts.all == [
                "days /api/v2/accounts/analytics/daily a@x.com":
                    "2026-08-01/2026-08-15 sent=116 bounced=0 opened=0 clicks=0 replies=0 new_leads_contacted=0"
                    + " unique_opened=0 unique_replies=0"
            ]
        )
        let restarted = AccountFacts()
        restarted.restore(facts.all)
        #expect(try await provider.sent(restarted) == 122)
    }

    @Test("After weeks without the exporter no day is missing, and no request spans more than 31 days")
    func pause() async throws {
        let provider = DailyStub(["2026-08-10": 3, "2026-09-20": 5, "2026-10-25": 7])
        let facts = AccountFacts()
        #expect(try await provider.sent(facts) == 3)
        provider.now = Self.noon + 70 * 86_400
        #expect(try await provider.sent(facts) == 15)
        #expect(provider.starts == ["2026-08-01", "2026-08-15", "2026-09-15", "2026-10-16"])
        #expect(provider.ends.suffix(3) == ["2026-09-14", "2026-10-15", "2026-10-30"])
    }

    @Test("Without storage the counters start with the month again, or with the account's start date")
    func firstDay() async throws {
        let provider = DailyStub(["2026-07-31": 1, "2026-08-01": 2, "2026-08-21": 4])
        #expect(try await provider.sent(AccountFacts()) == 6)
        #expect(try await provider.sent(AccountFacts()) == 6)
        let facts = AccountFacts()
        #expect(try await provider.sent(facts, startDate: "2026-07-31") == 7)
        #expect(try await provider.sent(facts, startDate: "2026-08-21") == 4)
    }

    @Test("A clock that was ahead of its time closes no day for good")
    func clock() async throws {
        let provider = DailyStub(["2026-08-20": 1, "2026-08-21": 2])
        let facts = AccountFacts()
        provider.now = Self.noon + 300 * 86_400
        _ = try await provider.sent(facts)
        provider.now = Self.noon
        #expect(try await provider.sent(facts) == 3)
    }

    @Test("A mailbox without rows has sent nothing; a counter that no row has is none, and closes no day")
    func missing() async throws {
        let idle = Self.source { _ in .json([]) }
        #expect(try await idle.mailboxes().content.mailboxes.map(\.measures.byName) == [Self.zeros])
        #expect(idle.facts.all.count == 1)
        let row: JSON = ["date": "2026-08-02", "email_account": "A@x.com", "sent": 3, "opened": -1]
        let thin = Self.source { _ in .json([row]) }
        let mailboxes = try await thin.mailboxes()
        #expect(mailboxes.content.mailboxes.map(\.measures.byName) == [["messages_sent_total": 3]])
        #expect(mailboxes.presence.map(\.present) == [["sent"]])
        #expect(thin.facts.all.isEmpty)
    }

    @Test("A counter that one day lacks has no total, and comes back with that day")
    func gap() async throws {
        let isThin = Mutex(true)
        let source = Self.source(["a@x.com", "b@x.com"]) { _ in
            let last: JSON = ["date": "2026-08-03", "email_account": "a@x.com", "sent": 2]
            let rows = [Self.row("a@x.com", "2026-08-02", 1), Self.row("b@x.com", "2026-08-02", 1)]
            return .json(.list(rows + [isThin.withLock(\.self) ? last : Self.row("a@x.com", "2026-08-03", 2)]))
        }
        let thin = try await source.mailboxes().content.mailboxes.map(\.measures.byName)
        #expect(thin[0] == ["messages_sent_total": 3] && thin[1].count == Self.zeros.count)
        #expect(Set(source.facts.all.keys) == ["days /api/v2/accounts/analytics/daily b@x.com"])
        isThin.withLock { $0 = false }
        let whole = try await source.mailboxes().content.mailboxes.map(\.measures.byName)
        #expect(whole[0].count == Self.zeros.count && whole[0]["messages_sent_total"] == 3)
        #expect(source.facts.all.count == 2)
    }

    @Test(
        "No list of days, or a day of nobody, is a failure of the counters alone",
        arguments: [
            "null", "", "{}", "[1]", #"[{"email_account":"a@x.com","sent":1}]"#, #"[{"date":"2026-08-20","sent":1}]"#,
        ]
    )
    func shapes(_ body: String) async throws {
        let source = Self.source { _ in .text(body, status: 200) }
        let mailboxes = try await source.mailboxes()
        #expect(mailboxes.content.mailboxes.map(\.measures.byName) == [[:]])
        #expect(mailboxes.incomplete["a@x.com"] != nil && source.facts.all.isEmpty)
    }

    @Test("Counters that are refused to the key are requested again after an hour, mailboxes are fetched meanwhile")
    func refused() async throws {
        let now = Mutex(Self.noon)
        let requests = Mutex(0)
        let source = Self.source(now: { now.withLock(\.self) }) { _ in
            requests.withLock { $0 += 1 }
            return .text("Forbidden", status: 403)
        }
        for (elapsed, expected) in [(0.0, 1), (900, 1), (3_600, 2)] {
            now.withLock { $0 = Self.noon + elapsed }
            let mailboxes = try await source.mailboxes()
            #expect(mailboxes.content.mailboxes.count == 1)
            #expect(mailboxes.incomplete["a@x.com"]?.isRefusal == true)
            #expect(requests.withLock(\.self) == expected)
        }
    }

    @Test("Where Instantly calls a request too large, fewer mailboxes share one, also next time")
    func tooLarge() async throws {
        let sizes = Mutex<[Int]>([])
        let addresses = (0..<10).map { "box\($0)@x.com" }
        let source = Self.source(addresses) { request in
            let emails = request.queries("emails")
            sizes.withLock { $0.append(emails.count) }
            guard emails.count <= 3 else { return .text(#"{"error":"Payload Too Large"}"#, status: 413) }
            return .json(.list(emails.map { Self.row($0, "2026-08-20", 1) }))
        }
        for _ in 0..<2 {
            let mailboxes = try await source.mailboxes()
            #expect(mailboxes.incomplete.isEmpty)
            #expect(mailboxes.content.mailboxes.allSatisfy { $0.measures[.messagesSent] == 1 })
        }
        #expect(sizes.withLock { $0 } == [10, 6, 3, 3, 3, 1, 3, 3, 3, 1])
    }

    @Test("What was remembered of a mailbox that is gone is forgotten")
    func gone() async throws {
        let before = Self.source(["a@x.com", "b@x.com"]) { _ in .json([]) }
        before.facts["first_step"] = "1"
        _ = try await before.mailboxes()
        #expect(before.facts.all.count == 3)
        let after = Self.source(["b@x.com"]) { _ in .json([]) }
        after.facts.restore(before.facts.all)
        _ = try await after.mailboxes()
        #expect(Set(after.facts.all.keys) == ["first_step", "days /api/v2/accounts/analytics/daily b@x.com"])
    }

    @Test("What is not the text of closed days is none", arguments: ["", "2026-08-01", "2026-08-01/2026-08-02 sent=x"])
    func malformed(_ text: String) {
        #expect(ClosedDays(text: text, InstantlyMapping.mailboxDays.fields) == nil)
    }

    fileprivate static func row(_ address: String, _ date: String, _ sent: Double) -> JSON {
        [
            "date": .text(date), "email_account": .text(address), "sent": .number(sent), "bounced": 0, "opened": 0,
            "clicks": 0, "replies": 0, "new_leads_contacted": 0, "unique_opened": 0, "unique_replies": 0,
        ]
    }

    /// A source of some mailboxes whose days a function responds with.
    fileprivate static func source(
        _ addresses: [String] = ["a@x.com"],
        startDate: String? = nil,
        now: @escaping @Sendable () -> Double = { noon },
        _ days: @escaping StubTransport.Respond
    ) -> any AccountSource {
        Instantly.stub(for: account(startDate: startDate), now: { Timestamp(seconds: now()) }) { request in
            switch request.path.last {
            case "accounts": .json(["items": .list(addresses.map { ["email": .text($0)] })])
            case "daily": days(request)
            default: .json(["aggregate_data": [:]])
            }
        }
    }
}

/// A provider that tells what a mailbox sent per day.
private final class DailyStub: Sendable {
    private struct State {
        var sent: [String: Double]
        var now = 1_787_313_600.0
        var spans: [(start: String, end: String)] = []
    }

    private let state: Mutex<State>

    init(_ sent: [String: Double]) {
        state = Mutex(State(sent: sent))
    }

    /// The wall clock; at first noon of 2026-08-21.
    var now: Double {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// The first and last days of the requests so far.
    var starts: [String] { state.withLock { $0.spans.map(\.start) } }
    var ends: [String] { state.withLock { $0.spans.map(\.end) } }

    func change(_ sent: [String: Double]) {
        state.withLock { $0.sent.merge(sent) { _, new in new } }
    }

    /// The total of a new source with these facts, which it changes.
    func sent(_ facts: AccountFacts, startDate: String? = nil) async throws -> Double? {
        let source = DailyTotalsTests.source(startDate: startDate, now: { self.now }) { self.respond(to: $0) }
        source.facts.restore(facts.all)
        let total = try await source.mailboxes().content.mailboxes.first?.measures[.messagesSent]
        facts.restore(source.facts.all)
        return total
    }

    private func respond(to request: HTTPRequest) -> HTTPResponse {
        let start = request.query["start_date"] ?? ""
        let end = String((request.query["end_date"] ?? "").prefix(10))
        return state.withLock { state in
            state.spans.append((start, end))
            let days = state.sent.filter { $0.key >= start && $0.key <= end }
            return .json(.list(days.map { DailyTotalsTests.row("a@x.com", $0.key, $0.value) }))
        }
    }
}
