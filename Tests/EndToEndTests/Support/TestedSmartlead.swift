// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import HTTPServer

extension TestedProvider {
    static let smartlead = TestedProvider(
        name: "smartlead",
        path: "/smartlead",
        key: "sk_InQuery4Pf",
        settings: ["interval: 20s", "requests_per_second: 9"],
        recordings: ["seeds"],
        recording: { _, path, _ in
            switch path {
            case "campaigns": "campaigns"
            case "analytics/campaign/overall-stats": "overall"
            case "email-accounts": "mailboxes"
            case "analytics/mailbox/name-wise-health-metrics": "health"
            case _ where path.hasSuffix("/sequence-analytics"): "steps"
            case _ where path.hasSuffix("/sequences"): "sequences"
            case _ where path.hasSuffix("/analytics"): "analytics"
            default: nil
            }
        },
        totals: { campaign, from, to in
            let span = [("start_date", from), ("end_date", to)].map { name, date in
                "\(name)=\(date.prefix(19).replacing("T", with: "%20"))"
            }
            return HTTPRequest(
                url: "/campaigns/\(campaign)/sequence-analytics?api_key=sk_key&\(span.joined(separator: "&"))"
            )
        },
        sent: { answer in
            let rows = (answer as? [String: Any])?["data"] as? [[String: Any]]
            return rows?.reduce(0) { $0 + ($1["sent_count"] as? Int ?? 0) }
        }
    )
}
