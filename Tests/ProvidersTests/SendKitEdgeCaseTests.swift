// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Outreach
import Synchronization
import Testing

@testable import Providers

/// Known edge cases of SendKit's API.
@Suite struct SendKitEdgeCaseTests {
    @Test(
        "Without totals of mailboxes everything else is told, and they are requested again after a day",
        arguments: [(404, false), (403, true), (500, true)]
    )
    func mailboxTotals(_ status: Int, _ isTold: Bool) async throws {
        let now = Mutex(Timestamp(seconds: 1_000_000))
        let requests = Mutex(0)
        let source = SendKit.stub(now: { now.withLock(\.self) }) { request in
            switch request.path.suffix(2) {
            case ["v1", "mailboxes"]: return .json(["success": true, "data": [["email": "a@x.com", "totalSent": 7]]])
            case ["analytics", "mailboxes"]:
                requests.withLock { $0 += 1 }
                return .text(#"{"error":"None"}"#, status: status)
            default: return .json(["success": true, "data": ["mailboxes": []]])
            }
        }
        for elapsed in [0.0, 900, 86_400] {
            now.withLock { $0 = Timestamp(seconds: 1_000_000 + elapsed) }
            let mailboxes = try await source.mailboxes()
            #expect(mailboxes.content.mailboxes.first?.measures[.messagesSent] == 7)
            #expect((mailboxes.incomplete["a@x.com"] != nil) == isTold)
        }
        #expect(requests.withLock(\.self) == (status == 500 ? 3 : 2))
    }

    @Test("Older versions number their pages")
    func numberedPages() async throws {
        let source = SendKit.stub { request in
            let page = Int(request.query["page"] ?? "1") ?? 1
            return .json([
                "success": true, "data": [["_id": .text("\(page)")]],
                "pagination": ["page": .number(Double(page)), "limit": 1, "total": 3, "pages": 3],
            ])
        }
        #expect(try await source.listing().content.map(\.campaign.id) == ["1", "2", "3"])
    }

    @Test(
        "Paging that cannot go on is no listing",
        arguments: [
            (["hasMore": true], "more rows, but no cursor to them"),
            (["hasMore": true, "nextCursor": "x"], "paging without end: the cursor does not move"),
            (["page": 1, "pages": 1, "total": 9], "listing incomplete: 1 of 9 rows"),
            ([:], "pagination of an unknown kind"),
        ] as [(JSON, String)]
    )
    func partial(_ pagination: JSON, _ reason: String) async throws {
        let source = SendKit.stub { _ in
            .json(["success": true, "data": [["_id": "1"]], "pagination": pagination])
        }
        await #expect(throws: APIError.invalid(status: 200, reason: reason)) { try await source.listing() }
    }

    @Test("A page without pagination is whole unless it is full", arguments: [(99, true), (100, false)])
    func unpaged(_ rows: Int, _ isWhole: Bool) async throws {
        let source = SendKit.stub { _ in
            .json(["data": .list((0..<rows).map { ["id": .text("\($0)")] })])
        }
        let listing = try? await source.listing()
        #expect((listing?.content.count == rows) == isWhole)
    }

    @Test("An envelope without success is a failure, whatever its status")
    func unsuccessful() async throws {
        let source = SendKit.stub { _ in .json(["success": false, "error": "Quota", "data": []]) }
        let failure = APIError.invalid(status: 200, reason: "an error in place of an answer: Quota")
        await #expect(throws: failure) { try await source.listing() }
        #expect(try await source.details(of: ["c"]).content == ["c": .failure(failure)])
    }

    @Test("An envelope without data is a failure")
    func withoutData() async throws {
        let source = SendKit.stub { _ in .json(["success": true]) }
        let failure = APIError.invalid(status: 200, reason: "an answer without data")
        await #expect(throws: failure) { try await source.listing() }
    }

    @Test("The workspace is named only where it is asked for", arguments: [nil, "w-1"])
    func workspace(_ workspace: String?) async throws {
        let headers = Mutex<[String]>([])
        let options = workspace.map { ["workspace": OptionValue.text($0)] } ?? [:]
        let source = SendKit.stub(for: account(options)) { request in
            headers.withLock { $0 += request.headers.filter { $0.name == "X-Workspace-Id" }.map(\.value) }
            return .json(["data": []])
        }
        _ = try await source.listing()
        #expect(headers.withLock { $0 } == [workspace].compactMap(\.self))
    }

    @Test("The start date limits the analytics")
    func startDate() async throws {
        let url = Mutex("")
        let source = SendKit.stub(for: account(startDate: "2024-01-01")) { request in
            url.withLock { $0 = request.url }
            return .json(["data": [:]])
        }
        _ = try await source.details(of: ["a/b"])
        #expect(url.withLock { $0 } == "http://stub/v1/campaigns/a%2Fb/analytics?from=2024-01-01")
    }

    @Test("Subsequences keep their steps apart, in either form")
    func subsequences() throws {
        let row: SendKitAnalytics = try decode([
            "stepAnalytics": [["_id": ["sequenceStep": 0, "variant": "B"], "sent": 1], ["_id": nil, "sent": 2]],
            "subsequences": [
                [
                    "id": "sub",
                    "stepStats": [["_id": 0, "sent": 4], ["_id": ["sequenceStep": 1, "variant": 1], "sent": 8]],
                ],
                ["id": "odd", "stepStats": ["sent": 16]],
            ],
        ])
        let steps = SendKitMapping.detail("c", row, steps: true).steps
        #expect(
            steps.map { "\($0.key.sequence) \($0.key.step) \($0.key.variant) \($0.measures[.messagesSent] ?? 0)" } == [
                "main 1 B 1.0", "main unknown A 2.0", "sub 1 A 4.0", "sub 2 B 8.0",
            ]
        )
    }

    @Test("A campaign without leads has no number of leads")
    func withoutLeads() throws {
        let row: SendKitAnalytics = try decode(["statusBreakdown": [:]])
        #expect(SendKitMapping.detail("c", row, steps: true).measures[.leads] == nil)
    }

    @Test(
        "Numbers of the other versions' shapes are the same numbers",
        arguments: [
            ["stats": ["sent": 9, "opened": 4, "clicked": 0, "replied": 1, "bounced": 2]],
            ["sent": 9, "opened": 4, "clicked": 0, "replied": 1, "bounced": 2],
            ["stats": ["sent": "9", "opened": 4], "clicked": 0, "replied": 1, "bounced": 2],
        ] as [JSON]
    )
    func shapes(_ analytics: JSON) async throws {
        let source = SendKit.stub { _ in .json(["success": true, "data": analytics]) }
        let result = try await source.details(of: ["c"])
        let measures = try #require(result.content["c"]).get().measures
        #expect(measures[.messagesSent] == 9 && measures[.messagesOpened] == 4 && measures[.messagesBounced] == 2)
        #expect(result.presence.map { $0.needed.subtracting($0.present) } == [[]])
    }

    @Test("Numbers under names that nobody knows are told as missing")
    func renamed() async throws {
        let source = SendKit.stub { _ in .json(["success": true, "data": ["statistics": ["sent": 9]]]) }
        let presence = try #require(try await source.details(of: ["c"]).presence.first)
        #expect(presence.route == "/v1/campaigns/{id}/analytics")
        #expect(presence.present.isEmpty && presence.needed.contains("stats.sent"))
    }

    @Test("Leads by status may be a list, with a status twice")
    func leadsByStatus() throws {
        let row: SendKitAnalytics = try decode([
            "statusBreakdown": [
                ["_id": "active", "count": 3], ["_id": "active", "count": "4"], ["_id": "replied", "count": 1],
                ["_id": nil, "count": 5],
            ]
        ])
        #expect(row.leadsByStatus == ["active": 7, "replied": 1])
        #expect(SendKitMapping.detail("c", row, steps: true).measures[.leads] == 8)
    }

    @Test("A step without variants is variant A, however that is written", arguments: [nil, ""] as [JSON])
    func emptyVariant(_ variant: JSON) throws {
        let row: SendKitAnalytics = try decode([
            "stepAnalytics": [["_id": ["sequenceStep": 0, "variant": variant], "sent": 1]]
        ])
        #expect(SendKitMapping.detail("c", row, steps: true).steps.map(\.key) == [Step.Key(step: "1")])
    }

    @Test("A platform key without a workspace is refused with advice, under any status", arguments: [400, 200])
    func withoutWorkspace(_ status: Int) async throws {
        let source = SendKit.stub { _ in
            .text(#"{"success":false,"error":"X-Workspace-Id header is required"}"#, status: status)
        }
        let failure = await #expect(throws: APIError.self) { try await source.listing() }
        #expect(failure?.isRefusal == true && failure?.advice.contains("option workspace") == true)
    }

    @Test("A mailbox without an address loses only itself, and is told")
    func withoutAddress() async throws {
        let source = SendKit.stub { request in
            let rows: JSON = [["email": "a@x.com"], ["totalSent": 3]]
            return .json(["data": request.path.last == "stats" ? ["mailboxes": rows] : rows])
        }
        let mailboxes = try await source.mailboxes()
        #expect(mailboxes.content.mailboxes.map(\.address) == ["a@x.com"])
        #expect(mailboxes.failures == [.invalid(status: 200, reason: "a mailbox without an address")])
    }
}
