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
        let prefixes = ["campaign_", "step_", "mailbox_", "domain_", "account_messages_", "account_plan_"]
        return prefixes.contains { sample.hasPrefix("outreach_\($0)") }
    }
}

/// The counters of the providers' numbers on a page: values by name and labels.
typealias Counters = [String: Double]

extension Counters {
    /// Reads a page.
    init(_ page: [UInt8]) {
        self = [:]
        for line in String(decoding: page, as: UTF8.self).split(separator: "\n") {
            let things = ["outreach_campaign_", "outreach_step_", "outreach_mailbox_"]
            guard things.contains(where: line.hasPrefix), line.prefix(while: { $0 != "{" }).hasSuffix("_total"),
                let space = line.lastIndex(of: " ")
            else { continue }
            self[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }

    /// What the providers say now, as an exporter without a past exports it; `configuration` is its argument.
    static func ofProviders(configuration: String) async throws -> Counters {
        let stranger = try await ExporterProcess.start([configuration])
        try await stranger.ready()
        let told = Counters(try await stranger.get("/metrics").body)
        _ = await stranger.stop()
        return told
    }

    /// Those of campaigns and steps.
    var ofCampaigns: Counters { filter { !$0.key.hasPrefix("outreach_mailbox_") } }

    /// Those that are lower here than they were.
    func fallen(since before: Counters) -> [String] {
        before.keys.sorted().compactMap { key in
            guard let now = self[key], let then = before[key], now < then else { return nil }
            return "\(key) fell from \(then) to \(now)"
        }
    }

    /// Takes over what is higher or new in others.
    mutating func raise(to others: Counters) {
        merge(others) { Swift.max($0, $1) }
    }
}
