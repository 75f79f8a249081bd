// SPDX-License-Identifier: Apache-2.0

import Foundation
import Collection
import HTTPClient
import Providers

extension TestProvider {
    /// lemlist with 120 campaigns, of which the batch leaves some out, and 2 users with mailboxes.
    static let lemlist = TestProvider(
        kind: Lemlist.self,
        baseURL: "http://stub/lemlist",
        campaigns: LemlistStub.campaigns.count,
        unknownCampaign: "cam_stranger",
        authentication: { key in ["Authorization": "Basic \(Data(":\(key)".utf8).base64EncodedString())"] },
        mailboxPaths: ["/team", "/users/", "/lemwarm/"],
        probes: [
            .campaigns: ["/lemlist/campaigns"], .details: ["/stats/batch", "/cam_1000/stats"],
            .mailboxes: ["/team", "/users/usr_1", "/lemwarm/usm_usr_1/settings"],
        ],
        open: { StubTransport(respond: LemlistStub.respond(to:), fault: $0) }
    )
}

private enum LemlistStub {
    static let campaigns = (0..<120).map { "cam_\(1_000 + $0)" }

    static func respond(to request: HTTPRequest) -> HTTPResponse {
        let path = Array(request.path.dropFirst())
        return switch path {
        case ["campaigns"]: list(request)
        case ["v2", "campaigns", "stats", "batch"]: batch(request.json["campaignIds"]?.texts ?? [])
        case ["v2", "campaigns", path.dropFirst(2).first ?? "", "stats"]: single(path[2])
        case ["team"]: .json(["_id": "tea_1", "userIds": ["usr_1", "usr_2"]])
        case ["users", "usr_1"], ["users", "usr_2"]: .json(user(path[1]))
        case ["lemwarm", "usm_usr_1", "settings"]: .json(["deliverability": ["score": 70]])
        default: .text("Not found", status: 404)
        }
    }

    private static func list(_ request: HTTPRequest) -> HTTPResponse {
        let rows = campaigns.dropFirst(Int(request.query["offset"] ?? "0") ?? 0)
            .prefix(Int(request.query["limit"] ?? "100") ?? 100)
        return .json(
            .list(rows.map { ["_id": .text($0), "name": "Campaign", "status": "running", "labels": []] })
        )
    }

    /// Every tenth campaign is reported as an error, every eleventh not at all.
    private static func batch(_ ids: [String]) -> HTTPResponse {
        guard (1...100).contains(ids.count) else { return .text("Bad params: campaignIds", status: 400) }
        let known = ids.enumerated().filter { campaigns.contains($1) }
        let rows = known.filter { $0.offset % 10 != 9 && $0.offset % 11 != 10 }.map { stats(of: $0.element) }
        let errors = known.filter { $0.offset % 10 == 9 }.map { JSON.object(["campaignId": .text($0.element)]) }
        return .json(["results": .list(rows), "errors": .list(errors)])
    }

    private static func single(_ id: String) -> HTTPResponse {
        campaigns.contains(id) ? .json(stats(of: id)) : .text("Campaign not found", status: 404)
    }

    private static func stats(of id: String) -> JSON {
        [
            "campaignId": .text(id), "nbLeads": 32, "messagesSent": 72, "opened": 47,
            "steps": [
                ["sequenceId": "seq_1", "sequenceStep": 0, "taskType": "email", "sent": 52, "opened": 30],
                ["sequenceId": "seq_1", "sequenceStep": 1, "taskType": "linkedinSend", "sent": 20, "opened": 17],
            ],
        ]
    }

    private static func user(_ id: String) -> JSON {
        [
            "_id": .text(id), "email": "someone@team.example",
            "mailboxes": [
                [
                    "_id": .text("usm_\(id)"), "email": .text("\(id)@mail.example"), "provider": "google",
                    "status": "CONNECTED", "lemlist": ["emailLimit": 50], "lemwarm": ["active": true],
                ]
            ],
        ]
    }
}
