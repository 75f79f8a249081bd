// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// A page of metrics, taken apart.
struct MetricsPage {
    /// The samples that come from providers, sorted.
    let data: [String]
    private var accounts: [String: [String: String]] = [:]
    private var others: [String: String] = [:]

    /// Reads a body in any of the formats; only a status of 200 makes a page.
    init(_ response: HTTPResponse) throws {
        try #require(response.status == 200)
        let lines = String(decoding: response.body, as: UTF8.self).split(separator: "\n").map(String.init)
        let samples = lines.filter { !$0.hasPrefix("#") }
        data = samples.filter(Self.isData).sorted()
        for sample in samples {
            let space = sample.lastIndex(of: " ") ?? sample.startIndex
            let (series, value) = (String(sample[..<space]), String(sample[space...].dropFirst()))
            let words = series.split(separator: "\"", maxSplits: 4)
            if Self.isData(sample), words.count > 3 {
                accounts[String(words[3]), default: [:]][series] = value
            } else {
                others[words.count > 3 ? series.replacing("provider=\"\(words[1])\",", with: "") : series] = value
            }
        }
    }

    /// The provider data of one account, by series.
    func data(of account: String) -> [String: String] {
        accounts[account] ?? [:]
    }

    /// The value of an account's own series; `nil` where it has none.
    func value(_ name: String, _ account: String) -> Double? {
        value("\(name){account=\"\(account)\"}")
    }

    /// The value of any other series, its provider left out of the labels.
    func value(_ series: String) -> Double? {
        others[series].flatMap(Double.init)
    }

    /// When the account was last collected with success, in seconds since the epoch; 0 for never.
    func lastSuccess(_ account: String) -> Double {
        value("outreach_collection_last_success_timestamp_seconds", account) ?? 0
    }

    /// Whether a sample comes from a provider.
    static func isData(_ sample: String) -> Bool {
        ["outreach_campaign_", "outreach_step_", "outreach_mailbox_", "outreach_domain_"].contains {
            sample.hasPrefix($0)
        }
    }
}
