// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Providers

extension TestProvider {
    /// SendKit with 120 campaigns and 3 mailboxes of 2 domains, with an empty page in every listing.
    static let sendKit = TestProvider(
        kind: SendKit.self,
        baseURL: "http://stub/sendkit",
        campaigns: SendKitStub.campaigns.count,
        unknownCampaign: "000000000000000000000000",
        authentication: { ["X-Api-Key": $0] },
        mailboxPaths: ["/mailboxes", "/analytics/mailboxes", "/warmup/stats"],
        probes: [
            .campaigns: ["/v1/campaigns"], .details: ["/analytics"], .mailboxes: ["/v1/mailboxes", "/warmup/stats"],
        ],
        open: { StubTransport(respond: SendKitStub.respond(to:), fault: $0) }
    )
}

private enum SendKitStub {
    static let campaigns = (0..<120).map { "665a\(1_000 + $0)" }
    static let mailboxes = ["a@x.example", "b@x.example", "c@y.example"]

    static func respond(to request: HTTPRequest) -> HTTPResponse {
        let path = Array(request.path.dropFirst(2))
        return switch path {
        case ["campaigns"]: page(campaigns, request) { .list($0.map(listed)) }
        case ["campaigns", path.dropFirst().first ?? "", "analytics"]: analytics(of: path[1])
        case ["mailboxes"]: page(mailboxes, request) { .list($0.map(mailbox)) }
        case ["analytics", "mailboxes"]: .json(["success": true, "data": .list(mailboxes.map(totals))])
        case ["warmup", "stats"]:
            page(mailboxes, request) { ["summary": ["days": 30], "mailboxes": .list($0.map(warmup))] }
        default: .text(missing, status: 404)
        }
    }

    private static let missing =
        #"{"error":"Not Found","message":"The requested resource was not found","code":404}"#

    /// The second page is empty though there are more, and the last one carries a cursor.
    private static func page(_ all: [String], _ request: HTTPRequest, payload: ([String]) -> JSON) -> HTTPResponse {
        let cursor = request.query["cursor"] ?? "0"
        let isEmpty = cursor == "empty"
        let start = isEmpty ? 0 : Int(cursor) ?? 0
        let limit = cursor == "0" ? 1 : Int(request.query["limit"] ?? "10") ?? 10
        let rows = isEmpty ? [] : Array(all.dropFirst(start).prefix(limit))
        let end = isEmpty ? 1 : start + rows.count
        let next = cursor == "0" ? "empty" : String(end)
        return .json([
            "success": true, "data": payload(rows),
            "pagination": [
                "limit": 100, "total": .number(Double(all.count)), "hasMore": .flag(end < all.count),
                "nextCursor": .text(next),
            ],
        ])
    }

    private static func listed(_ id: String) -> JSON {
        ["_id": .text(id), "name": "Campaign", "status": "active", "stats": ["contacted": 150, "totalEmailsSent": 9]]
    }

    private static func analytics(of id: String) -> HTTPResponse {
        guard campaigns.contains(id) else { return .text(missing, status: 404) }
        return .json([
            "success": true,
            "data": [
                "campaign": ["id": .text(id), "name": "Campaign", "status": "active"],
                "stats": ["sent": 150, "opened": 72],
                "stepAnalytics": [
                    ["_id": ["sequenceStep": 0, "variant": nil], "sent": 100, "opened": 50],
                    ["_id": ["sequenceStep": 2, "variant": "B"], "sent": 50, "opened": 22],
                ],
                "statusBreakdown": ["active": 350, "replied": 12], "totalReplied": 12,
            ],
        ])
    }

    private static func mailbox(_ email: String) -> JSON {
        [
            "_id": .text(email), "email": .text(email), "provider": "gmail", "status": "active", "dailySendLimit": 50,
            "warmup": ["enabled": true, "status": "in_progress"], "bounceRate": 0.02,
            "setupStatus": ["mx": ["status": "pass"], "spf": ["status": .text(email.first == "a" ? "fail" : "pass")]],
        ]
    }

    private static func totals(_ email: String) -> JSON {
        ["_id": .text(email), "email": .text(email), "totalSent": 900, "totalReceived": 70]
    }

    private static func warmup(_ email: String) -> JSON {
        [
            "id": .text(email), "email": .text(email),
            "stats": ["totalSent": 40, "inbox": 36, "spam": 4, "healthScore": 85],
        ]
    }
}
