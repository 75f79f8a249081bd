// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Providers

extension TestProvider {
    /// EmailBison with 120 campaigns and 3 mailboxes of 2 domains, at most 15 rows per page.
    static let emailBison = TestProvider(
        kind: EmailBison.self,
        baseURL: "http://stub/emailbison",
        campaigns: EmailBisonStub.campaigns.count,
        unknownCampaign: "999",
        authentication: { ["Authorization": "Bearer \($0)"] },
        mailboxPaths: ["/api/sender-emails", "/warmup/sender-emails", "/sending-schedules"],
        stepPaths: ["/stats", "/sequence-steps"],
        probes: [
            .campaigns: ["/api/campaigns"], .details: ["/stats", "/sequence-steps"],
            .mailboxes: ["/api/sender-emails", "/warmup/sender-emails", "/sending-schedules"],
        ],
        open: { StubTransport(respond: EmailBisonStub.respond(to:), fault: $0) }
    )
}

private enum EmailBisonStub {
    static let campaigns = Array(1_000..<1_120)
    static let mailboxes = ["a@x.example", "b@x.example", "c@y.example"]

    static func respond(to request: HTTPRequest) -> HTTPResponse {
        let path = Array(request.path.dropFirst(2))
        return switch path {
        case ["campaigns"]: page(campaigns, request, row: listed)
        case ["campaigns", "sending-schedules"]: page([1, 2], request) { ["campaign_id": number($0), "status": 4] }
        case ["campaigns", path.dropFirst().first ?? "", "stats"]: known(path[1]) { ["data": stats($0)] }
        case ["campaigns", "v1.1", path.dropFirst(2).first ?? "", "sequence-steps"]:
            known(path[2]) { ["data": ["sequence_id": 1, "sequence_steps": steps($0)]] }
        case ["sender-emails"]: page(mailboxes, request, row: mailbox)
        case ["warmup", "sender-emails"]:
            page(mailboxes, request) { ["email": .text($0), "warmup_score": 85.5, "warmup_emails_sent": 40] }
        default: missing
        }
    }

    private static let missing = HTTPResponse.text(
        #"{"data":{"success":false,"message":"Record not found.","record_not_found":null}}"#,
        status: 404
    )

    private static func number(_ number: Int) -> JSON { .number(Double(number)) }

    private static func known(_ id: String, _ body: (Int) -> JSON) -> HTTPResponse {
        guard let id = Int(id), campaigns.contains(id) else { return missing }
        return .json(body(id))
    }

    private static func page<Row>(_ all: [Row], _ request: HTTPRequest, row: (Row) -> JSON) -> HTTPResponse {
        let page = request.query["page"].flatMap { Int($0) } ?? 1
        let size = min(15, request.query["per_page"].flatMap { Int($0) } ?? 15)
        let rows = all.dropFirst((page - 1) * size).prefix(size)
        return .json([
            "data": .list(rows.map(row)),
            "meta": [
                "current_page": number(page), "last_page": number((all.count + size - 1) / size),
                "per_page": number(size), "total": number(all.count),
            ],
        ])
    }

    private static func listed(_ id: Int) -> JSON {
        [
            "id": number(id), "name": "Campaign", "status": id % 2 == 0 ? "Active" : "paused", "emails_sent": 150,
            "unique_opens": 72, "total_leads": 362, "updated_at": "2026-04-14T16:59:21.000000Z",
        ]
    }

    private static func stats(_ id: Int) -> JSON {
        [
            "emails_sent": "150", "opened": "90",
            "sequence_step_stats": [
                ["sequence_step_id": number(id * 10 + 1), "sent": 100, "unique_opens": 50],
                ["sequence_step_id": number(id * 10 + 2), "sent": 50, "unique_opens": 22],
            ],
        ]
    }

    private static func steps(_ id: Int) -> JSON {
        [
            ["id": number(id * 10 + 1), "order": "1", "variant": false, "variant_from_step_id": nil],
            ["id": number(id * 10 + 2), "order": "1", "variant": true, "variant_from_step_id": number(id * 10 + 1)],
        ]
    }

    private static func mailbox(_ email: String) -> JSON {
        [
            "id": 1, "email": .text(email), "status": "Connected", "daily_limit": 50, "warmup_enabled": true,
            "emails_sent_count": 100, "tags": [["id": 1, "name": "Google", "default": true]],
        ]
    }
}
