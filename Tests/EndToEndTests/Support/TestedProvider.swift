// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer

/// A provider as the tests of the whole program meet it.
struct TestedProvider: Sendable {
    /// Every provider; a new one has an entry here.
    static let all: [TestedProvider] = [
        .instantly, .lemlist, .sendkit, .emailbison, .smartlead,
    ]

    let name: String
    /// The part of a base URL after the simulator's address.
    let path: String
    /// A key that nothing may show.
    let key: String
    /// Settings of an account that is collected often, which the defaults and limits of the provider do not allow.
    var settings: [String] = []
    /// The recordings that there are of it, by the first part of a path.
    var recordings = ["seeds", "newer"]
    /// The file below a folder with the recorded answer to a call, or the answer itself; `nil` for an unknown route.
    let recording: @Sendable (_ request: Request, _ path: String, _ folder: String) -> String?
    /// The request for a campaign's totals between two dates, whose URL begins after the base URL.
    let totals: @Sendable (_ campaign: String, _ from: String, _ to: String) -> HTTPRequest
    /// The messages sent, of the answer.
    let sent: @Sendable (Any) -> Int?

    /// The provider of this name.
    static func named(_ name: String) -> TestedProvider {
        guard let provider = all.first(where: { $0.name == name }) else { fatalError("no tested provider is \(name)") }
        return provider
    }
}

extension TestedProvider {
    static let instantly = TestedProvider(
        name: "instantly",
        path: "/instantly",
        key: "sk_Inline7Zq",
        recording: { request, path, folder in
            let query = Dictionary(request.query.map { ($0.name, $0.value) }) { first, _ in first }
            let analytics = String(decoding: TestFiles.bytes("\(folder)/analytics.json"), as: UTF8.self)
            let hasSent = (query["id"] ?? query["campaign_id"]).map { analytics.contains($0) } ?? false
            return switch path {
            case "api/v2/campaigns": query["starting_after"] == nil ? "campaigns" : #"{"items": []}"#
            case "api/v2/campaigns/analytics": "analytics"
            case "api/v2/campaigns/analytics/overview": hasSent ? "overview" : "{}"
            case "api/v2/campaigns/analytics/steps": hasSent ? "steps" : "[]"
            case _ where path.hasSuffix("/sending-status"): "sending-status"
            case "api/v2/custom-tags": "tags"
            case "api/v2/custom-tag-mappings": "tag-mappings"
            case "api/v2/accounts": "accounts"
            case "api/v2/workspace-billing/plan-details": "plan"
            case "api/v2/accounts/warmup-analytics": "warmup"
            case "api/v2/accounts/analytics/daily": TestFiles.today("\(folder)/mailbox-days.json")
            case "api/v2/accounts/test/vitals": "vitals"
            default: nil
            }
        },
        totals: { campaign, from, to in
            HTTPRequest(
                url: "/api/v2/campaigns/analytics?id=\(campaign)&start_date=\(from)&end_date=\(to)",
                headers: [("Authorization", "Bearer sk_key")]
            )
        },
        sent: { ($0 as? [[String: Any]]).map { $0.first?["emails_sent_count"] as? Int ?? 0 } }
    )

    static let lemlist = TestedProvider(
        name: "lemlist",
        path: "/lemlist/api",
        key: "sk_Variable8Wk",
        recording: { _, path, _ in
            switch path {
            case "campaigns": "campaigns"
            case "v2/campaigns/stats/batch": "batch"
            case _ where path.hasSuffix("/statutes"): "statutes"
            case "team": "team"
            case "team/credits": "credits"
            case _ where path.hasPrefix("v2/campaigns/") && path.hasSuffix("/stats"): "stats"
            case _ where path.hasPrefix("users/"): "user"
            case _ where path.hasPrefix("lemwarm/"): "lemwarm"
            default: nil
            }
        },
        totals: { campaign, from, to in
            HTTPRequest(
                url: "/v2/campaigns/\(campaign)/stats?startDate=\(from)&endDate=\(to)",
                headers: [("Authorization", "Basic \(Data(":sk_key".utf8).base64EncodedString())")]
            )
        },
        sent: { ($0 as? [String: Any])?["messagesSent"] as? Int }
    )

    static let sendkit = TestedProvider(
        name: "sendkit",
        path: "/sendkit",
        key: "sk_InFile9Xj",
        recording: { _, path, _ in
            switch path {
            case "v1/campaigns": "campaigns"
            case "v1/workspaces": "workspaces"
            case "v1/mailboxes": "mailboxes"
            case "v1/analytics/mailboxes": "mailbox-totals"
            case "v1/warmup/stats": "warmup"
            case _ where path.hasPrefix("v1/campaigns/") && path.hasSuffix("/analytics"): "analytics"
            default: nil
            }
        },
        totals: { campaign, from, to in
            HTTPRequest(
                url: "/v1/campaigns/\(campaign)/analytics?from=\(from)&to=\(to)",
                headers: [("X-Api-Key", "sk_key")]
            )
        },
        sent: { answer in
            let data = (answer as? [String: Any])?["data"] as? [String: Any]
            return (data?["stats"] as? [String: Any])?["sent"] as? Int
        }
    )
}
