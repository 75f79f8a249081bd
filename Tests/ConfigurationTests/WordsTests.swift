// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

@Suite struct WordsTests {
    private static let keys = ["interval", "max_staleness", "api_key", "api_key_file", "name"]

    @Test(
        "The nearest word is the one that was meant",
        arguments: [
            ("intervall", "interval"), ("inteval", "interval"), ("itnerval", "interval"), ("apikey", "api_key"),
            ("max-staleness", "max_staleness"), ("nmae", "name"), ("api_key_fil", "api_key_file"), ("nam", "name"),
        ]
    )
    func near(word: String, meant: String) {
        #expect(Self.keys.nearest(to: word) == meant)
    }

    @Test(
        "Where no word is near there is no guess",
        arguments: ["", "x", "password", "workspace", String(repeating: "a", count: 100_000)]
    )
    func far(word: String) {
        #expect(Self.keys.nearest(to: word) == nil)
    }

    @Test(
        "Quoted text stays on one line and shows what is hidden",
        arguments: [
            ("plain", #""plain""#), ("", #""""#), ("a\nb\u{0}\u{7F}", #""a\u{a}b\u{0}\u{7f}""#),
            ("\u{202E}x\u{2028}", #""\u{202e}x\u{2028}""#),
            (String(repeating: "é", count: 81), "\"\(String(repeating: "é", count: 80))…\""),
        ]
    )
    func quoted(text: String, shown: String) {
        #expect(text.quoted == shown)
    }
}
