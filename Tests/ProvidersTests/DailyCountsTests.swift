// SPDX-License-Identifier: Apache-2.0

import Backfill
import Collection
import HTTPClient
import Outreach
import Synchronization
import TestSupport
import Testing

@testable import Providers

/// How routes with counts per day are asked and read.
@Suite struct DailyCountsTests {
    /// 2026-08-19.
    private static let day = Day(number: 20_684)
    private static let sent = [1.0, 2, 2, 40, 50]
    private static let dates: [JSON] = ["2026-08-19", "2026-08-20", "2026-08-20T00:00:00.000Z", nil, "never"]

    @Test(
        "Two rows of a day add up, equal ones too, and rows without a date are left out with a warning",
        arguments: 0...1
    )
    func sums(_ provider: Int) async throws {
        let events = Mutex<[CollectionEvent.Kind]>([])
        let context = Self.context(observing: { event in events.withLock { $0.append(event.kind) } }) { _ in
            let field = provider == 0 ? "date" : "_id"
            let rows = zip(Self.sent, Self.dates).map { JSON.object(["sent": .number($0), field: $1]) }
            return .json(provider == 0 ? .list(rows) : ["success": true, "data": .list(rows)])
        }
        let counts =
            provider == 0
            ? try await InstantlyAPI(account(), context).daily(of: "c", since: Self.day)
            : try await SendKitAPI(account(), context).daily(of: "c", since: Self.day)
        #expect(counts.mapValues { $0[CampaignMeasure.messagesSent] } == [Self.day: 1, Self.day.advanced(by: 1): 4])
        let (route, field) =
            provider == 0
            ? ("/api/v2/campaigns/analytics/daily", "date") : ("/v1/analytics/daily/campaigns/{id}", "_id")
        #expect(events.withLock(\.self) == [.rowsLeftOut(route: route, field: field, count: 2)])
    }

    @Test("The end of a range is an instant, the same whether the API includes it or not")
    func ends() async throws {
        let urls = Mutex<[String]>([])
        let context = Self.context { request in
            urls.withLock { $0.append(request.url.replacing("%3A", with: ":")) }
            return .json(request.url.contains("/v1/") ? ["data": [:]] : [])
        }
        _ = try await InstantlyAPI(account(), context).analytics(of: ["c"], until: Self.day)
        _ = try await InstantlyAPI(account(), context).steps(of: "c", until: Self.day)
        _ = try await InstantlyAPI(account(), context).daily(of: "c", since: Self.day)
        _ = try await SendKitAPI(account(), context).analytics(of: "c", until: Self.day)
        let ends = urls.withLock(\.self).map { $0.split(separator: "&").last.map(String.init) ?? "" }
        #expect(ends[0] == "end_date=2026-08-18T23:59:59.999Z")
        #expect(ends[1] == "end_date=2026-08-18T23:59:59.999Z")
        #expect(ends[2] == "end_date=2026-08-21T23:59:59.999Z")
        #expect(ends[3].hasSuffix("to=2026-08-18T23:59:59.999Z"))
    }

    private static func context(
        observing observe: @escaping @Sendable (CollectionEvent) -> Void = { _ in },
        _ respond: @escaping StubTransport.Respond
    ) -> ProviderContext {
        let clock = TestClock()
        let plan = AccountPlan(account()) { _ in
            Instantly.source(for: account(), in: .test(StubTransport(respond: respond)))
        }
        let gate = RequestGate(
            of: plan,
            limiter: RateLimiter(rate: 100, burst: 100, clock: clock),
            in: CollectionContext(clock: clock, observe: observe)
        )
        return ProviderContext(gate: gate, transport: StubTransport(respond: respond)) {
            Timestamp(seconds: 1_787_313_600)
        }
    }
}
