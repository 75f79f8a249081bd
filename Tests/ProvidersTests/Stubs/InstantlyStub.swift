// SPDX-License-Identifier: Apache-2.0

import Collection
import HTTPClient
import Providers

extension TestProvider {
    /// Instantly with 120 campaigns, of which analytics know all but the drafts, and 120 accounts of 3 domains.
    static let instantly = TestProvider(
        kind: Instantly.self,
        baseURL: "http://stub/instantly",
        campaigns: InstantlyStub.campaigns.count,
        unknownCampaign: "019e18e2-a526-75b1-9bd6-000000000000",
        authentication: { ["Authorization": "Bearer \($0)"] },
        mailboxPaths: [
            "/accounts", "/accounts/warmup-analytics", "/accounts/analytics/daily", "/accounts/test/vitals",
        ],
        stepPaths: ["/campaigns/analytics/steps"],
        probes: [
            .campaigns: ["/campaigns", "/campaigns/analytics"],
            .details: ["/analytics/overview", "/analytics/steps"],
            .mailboxes: ["/accounts", "/warmup-analytics", "/accounts/analytics/daily"],
            .domainChecks: ["/test/vitals"],
        ],
        open: { StubTransport(respond: InstantlyStub.respond(to:), fault: $0) }
    )
}

private enum InstantlyStub {
    static let campaigns = (0..<120).map { "c-\(1_000 + $0)" }
    static let accounts = (0..<120).map { "box\(1_000 + $0)@domain\($0 % 3).example" }

    static func respond(to request: HTTPRequest) -> HTTPResponse {
        switch request.path.dropFirst(3).joined(separator: "/") {
        case "campaigns": page(campaigns, request) { listed($0) }
        case "campaigns/analytics": .json(.list(campaigns.dropFirst(20).map(analytics)))
        case "campaigns/analytics/overview": known(request.query["id"]) { overview }
        case "campaigns/analytics/steps": known(request.query["campaign_id"]) { steps }
        case "accounts": page(accounts, request, mark: { "2026-01-01T00:00:00.000Z&\($0)" }) { account($0) }
        case "accounts/warmup-analytics": warmup(request.json["emails"]?.texts ?? [])
        case "accounts/analytics/daily": days(request.queries("emails"))
        case "accounts/test/vitals": vitals(request.json["accounts"]?.texts ?? [])
        default: missing
        }
    }

    private static let missing = HTTPResponse.text(
        #"{"statusCode":404,"error":"Not Found","message":"Resource not found"}"#,
        status: 404
    )

    private static func known(_ id: String?, _ answer: () -> JSON) -> HTTPResponse {
        id.map(campaigns.contains) == true ? .json(answer()) : missing
    }

    /// More than 100 rows asked for are an empty page, and the last page carries a cursor.
    private static func page(
        _ all: [String],
        _ request: HTTPRequest,
        mark: (String) -> String = { $0 },
        row: (String) -> JSON
    ) -> HTTPResponse {
        let limit = Int(request.query["limit"] ?? "10") ?? 10
        let start = request.query["starting_after"].map { cursor in
            all.firstIndex { mark($0) == cursor }.map { $0 + 1 } ?? all.count
        }
        let rows = limit > 100 ? [] : all.dropFirst(start ?? 0).prefix(limit)
        let cursor = rows.last.map { JSON.text(mark($0)) } ?? .null
        return .json(["items": .list(rows.map(row)), "next_starting_after": cursor])
    }

    private static func listed(_ id: String) -> JSON {
        ["id": .text(id), "name": "Campaign", "status": 1, "timestamp_updated": "2026-05-11T19:58:29.158Z"]
    }

    private static func analytics(_ id: String) -> JSON {
        [
            "campaign_id": .text(id), "campaign_name": "Campaign", "campaign_status": 2,
            "campaign_is_evergreen": "perhaps", "leads_count": 1_500, "emails_sent_count": 5_000,
            "total_opportunity_value": 99.5,
        ]
    }

    private static let overview: JSON = ["open_count": 800, "reply_count": 300, "total_closed": 10]

    private static let steps: JSON = [
        ["step": "1", "variant": "0", "sent": 5_421, "opened": 99],
        ["step": "1", "variant": "1", "sent": 12, "opened": 3],
        ["step": nil, "variant": "null", "sent": 0, "opened": 2],
    ]

    private static func account(_ email: String) -> JSON {
        ["email": .text(email), "status": 1, "warmup_status": 0, "provider_code": 2, "daily_limit": 30]
    }

    private static func warmup(_ emails: [String]) -> HTTPResponse {
        guard (1...100).contains(emails.count) else { return .text(#"{"message":"too many"}"#, status: 400) }
        let totals = emails.map { ($0, JSON.object(["sent": 7, "landed_inbox": 7, "health_score": 100])) }
        return .json(["aggregate_data": .object(Dictionary(totals) { _, last in last })])
    }

    private static func days(_ emails: [String]) -> HTTPResponse {
        guard (1...200).contains(emails.count) else { return .text(#"{"message":"too many"}"#, status: 400) }
        let rows = emails.map { email -> JSON in
            [
                "date": "2026-08-20", "email_account": .text(email), "sent": 30, "bounced": 1, "opened": 12,
                "unique_opened": 9, "clicks": 2, "replies": 4, "unique_replies": 3, "new_leads_contacted": 17,
            ]
        }
        return .json(.list(rows))
    }

    private static func vitals(_ emails: [String]) -> HTTPResponse {
        guard !emails.isEmpty else { return .text(#"{"error":"Bad request - no emails sent"}"#, status: 400) }
        let rows = emails.map { email -> JSON in
            ["domain": .text(String(email.split(separator: "@")[1])), "mx": true, "spf": true, "dkim": true]
        }
        return .json(["status": "success", "success_list": .list(rows), "failure_list": []])
    }
}
