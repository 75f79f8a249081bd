// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer

extension TestedProvider {
    static let emailbison = TestedProvider(
        name: "emailbison",
        path: "/emailbison",
        key: "17|sk_Bison3Vd",
        recordings: ["seeds"],
        recording: { _, path, _ in
            switch path {
            case "api/campaigns": "campaigns"
            case "api/campaigns/sending-schedules": "schedules"
            case "api/sender-emails": "mailboxes"
            case "api/warmup/sender-emails": "warmup"
            case _ where path.hasSuffix("/stats"): "stats"
            case _ where path.hasSuffix("/sequence-steps"): "sequence"
            default: nil
            }
        },
        totals: { campaign, from, to in
            // The API includes the last day of a range, which ends with its first instant here.
            let end = (try? Date(to, strategy: .iso8601)) ?? .now
            let last = end.addingTimeInterval(-86_400).formatted(.iso8601.year().month().day())
            return HTTPRequest(
                method: "POST",
                url: "/api/campaigns/\(campaign)/stats",
                headers: [("Authorization", "Bearer sk_key"), ("Content-Type", "application/json")],
                body: Array(#"{"start_date":"\#(from.prefix(10))","end_date":"\#(last)"}"#.utf8)
            )
        },
        sent: { answer in
            let data = (answer as? [String: Any])?["data"] as? [String: Any]
            return (data?["emails_sent"] as? String).flatMap { Int($0) }
        }
    )
}
