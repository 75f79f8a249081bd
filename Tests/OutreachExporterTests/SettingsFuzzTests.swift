// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import OutreachExporter

/// Files that nobody wrote: they may be refused, and must neither trap nor give a secret away.
@Suite struct SettingsFuzzTests {
    private static let good = [
        "collection:", "  interval: ", "5m", "\n", "  max_staleness: ", "1h", "\n", "storage: ", "{ path: x }", "\n",
        "limits: ",
        "{ series_per_account: 5 }", "\n", "accounts:", "\n", "  - name: ", "acme", "\n", "    provider: ", "alpha",
        "\n",
        "    api_key: ", "${KEY}", "\n", "    base_url: ", "https://x", "\n", "    interval: ", "1m", "\n",
        "    start_date: ",
        "2024-01-01", "\n", "    campaigns: ", "{ include: [a], statuses: [active] }", "\n", "    alpha: ",
        "{ events: true }", "\n",
    ]
    private static let odd = [
        "", "\n", "[]", "{}", "~", "-1", "1e99", "99999999999999999999", "\"${KEY}\"", "${KEY", "[\"${KEY}\"]",
        "{ a: \"${KEY}\" }", "é", "\u{0}", "\t",
        "9223372036854775807ms", "0", "nan", "(((", "*", "&a [", "*a", "https://${KEY}@x", "\"\\u0000\"", "<<: ",
        "name: ", "- ", ": ", "x",
    ]

    @Test("A good file with words replaced, dropped or doubled is read or refused", arguments: 0..<8)
    func mutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var words = Self.good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<words.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: words.remove(at: position)
                case 1: words.insert(words[position], at: position)
                default: words[position] = Self.odd.randomElement(using: &random) ?? ""
                }
            }
            let found = complaints(words.joined(), environment: ["KEY": "sesame"])
            #expect(!found.joined().contains("sesame"))
            #expect(found.allSatisfy { $0.hasPrefix("config.yml:") })
        }
    }
}
