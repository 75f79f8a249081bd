// SPDX-License-Identifier: Apache-2.0

import HTTPClient
import Testing

/// A page of metrics as its lines.
struct MetricsPage {
    /// The samples, in the page's order.
    let samples: [String]

    /// Reads a body in any of the formats; only a status of 200 makes a page.
    init(_ response: HTTPResponse) throws {
        try #require(response.status == 200)
        samples = String(decoding: response.body, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    /// The samples that come from providers, sorted.
    var data: [String] { samples.filter(Self.isData).sorted() }

    /// The provider data of one account, by series.
    func data(of account: String) -> [String: String] {
        Dictionary(
            samples.filter { Self.isData($0) && $0.contains(",account=\"\(account)\"") }.map(Self.parted)
        ) { first, _ in first }
    }

    /// The value of an account's own series; `nil` where it has none.
    func value(_ name: String, _ account: String) -> Double? {
        samples.first { $0.hasPrefix("\(name){") && $0.contains(",account=\"\(account)\"}") }
            .flatMap { Double(Self.parted($0).value) }
    }

    /// When the account was last collected with success, in seconds since the epoch; 0 for never.
    func lastSuccess(_ account: String) -> Double {
        value("outreach_collection_last_success_timestamp_seconds", account) ?? 0
    }

    private static func isData(_ sample: String) -> Bool {
        ["campaign", "step", "mailbox", "domain"].contains { sample.hasPrefix("outreach_\($0)_") }
    }

    private static func parted(_ sample: String) -> (series: String, value: String) {
        let space = sample.lastIndex(of: " ") ?? sample.startIndex
        return (String(sample[..<space]), String(sample[space...].dropFirst()))
    }
}
