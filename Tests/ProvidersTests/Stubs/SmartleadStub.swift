// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Providers

extension TestProvider {
    /// Smartlead with 120 campaigns and 3 mailboxes of 2 domains.
    static let smartlead = TestProvider(
        kind: Smartlead.self,
        baseURL: "http://stub/smartlead",
        campaigns: SmartleadStub.campaigns.count,
        unknownCampaign: "999",
        keyParameter: "api_key",
        mailboxPaths: ["/email-accounts", "/name-wise-health-metrics"],
        stepPaths: ["/sequence-analytics", "/sequences"],
        probes: [
            .campaigns: ["/smartlead/campaigns", "/overall-stats"],
            .details: ["/1000/analytics", "/sequence-analytics", "/sequences"],
            .mailboxes: ["/email-accounts", "/name-wise-health-metrics"],
        ],
        isNothingGone: true,
        open: { StubTransport(respond: SmartleadStub.respond(to:), fault: $0) }
    )
}

private enum SmartleadStub {
    static let campaigns = Array(1_000..<1_120)
    static let mailboxes = ["a@x.example", "b@x.example", "c@y.example"]

    static func respond(to request: HTTPRequest) -> HTTPResponse {
        let path = Array(request.path.dropFirst())
        let id = path.dropFirst().first.flatMap { Int($0) } ?? 0
        return switch path.last {
        case "campaigns": .json(.list(page(campaigns, request).map(listed)))
        case "overall-stats":
            .json(rows("campaign_wise_performance", page(campaigns, request).map { ["id": number($0), "sent": 150] }))
        case "analytics": .json(campaigns.contains(id) ? analytics(id) : [:])
        case "sequence-analytics":
            .json([
                "ok": true,
                "data": [["email_campaign_seq_id": number(id * 10), "sent_count": 150, "open_count": "72"]],
            ])
        case "sequences": .json([["id": number(id * 10), "seq_number": 1, "sequence_variants": nil]])
        case "email-accounts": .json(.list(page(mailboxes, request).map(mailbox)))
        case "name-wise-health-metrics":
            .json(
                rows(
                    "email_health_metrics",
                    page(mailboxes, request).map { ["from_email": .text($0), "sent": "40", "bounced": "1"] }
                )
            )
        default: .text(#"{"error":"Not found"}"#, status: 404)
        }
    }

    private static func number(_ number: Int) -> JSON { .number(Double(number)) }

    private static func rows(_ name: String, _ rows: [JSON]) -> JSON { ["success": true, "data": [name: .list(rows)]] }

    private static func page<Row>(_ all: [Row], _ request: HTTPRequest) -> [Row] {
        let offset = request.query["offset"].flatMap { Int($0) } ?? 0
        return Array(all.dropFirst(offset).prefix(request.rows))
    }

    private static func listed(_ id: Int) -> JSON {
        ["id": number(id), "name": "Campaign", "status": "ACTIVE", "created_at": "2026-04-14T16:59:21.000Z"]
    }

    private static func analytics(_ id: Int) -> JSON {
        [
            "id": number(id), "name": "Campaign", "status": "ACTIVE", "sent_count": 150, "open_count": 72,
            "reply_count": 12, "campaign_lead_stats": ["total": 362, "notStarted": 12, "inprogress": 350],
        ]
    }

    private static func mailbox(_ email: String) -> JSON {
        [
            "id": 1, "from_email": .text(email), "password": "secret", "type": "GMAIL", "is_smtp_success": true,
            "is_imap_success": true, "message_per_day": 50, "daily_sent_count": 7,
            "warmup_details": ["status": "ACTIVE", "warmup_reputation": "95%", "total_sent_count": 40],
        ]
    }
}
