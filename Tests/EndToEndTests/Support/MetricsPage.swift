// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Testing

/// A page of metrics, taken apart.
struct MetricsPage {
    private var samples: [String] = []
    private var accounts: [String: [String: String]] = [:]
    private var others: [String: String] = [:]

    /// Reads a body in any of the formats; only a status of 200 makes a page.
    ///
    /// Lines are taken apart as bytes: text is slow in a debug build, and a page has 80,000 lines.
    init(_ response: HTTPResponse) throws {
        try #require(response.status == 200)
        for line in response.body.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            add(line)
        }
    }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        let space = line.lastIndex(of: UInt8(ascii: " ")) ?? line.startIndex
        let words = line[..<space].split(separator: UInt8(ascii: "\""), maxSplits: 4).map { Self.text($0) }
        let (series, value) = (Self.text(line[..<space]), Self.text(line[space...].dropFirst()))
        let isData = Self.isData(series)
        if isData { samples.append(Self.text(line)) }
        switch (isData, words.count > 3) {
        case (true, true): accounts[words[3], default: [:]][series] = value
        case (false, true): others[series.replacing("provider=\"\(words[1])\",", with: "")] = value
        case (_, false): others[series] = value
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The samples that come from providers, sorted.
    var data: [String] { samples.sorted() }

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
    static func isData(_ sample: String) -> Bool { prefixes.contains { sample.hasPrefix($0) } }

    private static let prefixes = [
        "outreach_campaign_", "outreach_step_", "outreach_mailbox_", "outreach_domain_", "outreach_account_messages_",
        "outreach_account_plan_",
    ]
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
