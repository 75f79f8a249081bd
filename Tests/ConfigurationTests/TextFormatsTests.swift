// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

@Suite struct DurationTests {
    @Test(
        "Durations read as Prometheus reads them",
        arguments: [
            ("0", Duration.zero), ("0s", .zero), ("1ms", .milliseconds(1)), ("500ms", .milliseconds(500)),
            ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)), ("90m", .seconds(5400)),
            ("1d", .seconds(86400)), ("1w", .seconds(604_800)), ("1y", .seconds(31_536_000)),
            ("1y2w3d4h5m6s7ms", .milliseconds(33_019_506_007)), ("1m0s", .seconds(60)), ("007s", .seconds(7)),
            ("9223372036854775807ms", .milliseconds(Int64.max)),
        ]
    )
    func reads(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(
        "Anything else is no duration",
        arguments: [
            "", "5", "00", "m", "5 m", " 5m", "5m ", "-5m", "+5m", "1.5h", "5min", "5M", "1m1h", "1h1h", "1s1m", "1e3s",
            "٥m", "5µs",
            "1ns", "9223372036854775808ms", "300000000y", "292471208y9223372036854775807ms", "5m\n", "0x5m", "1h0",
            "inf",
        ]
    )
    func refuses(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "What is written reads as the same",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(1), "1ms"), (.seconds(90), "1m30s"), (.seconds(5400), "1h30m"),
            (.milliseconds(33_019_506_007), "1y2w3d4h5m6s7ms"),
        ]
    )
    func writes(duration: Duration, text: String) {
        #expect(duration.text == text)
        #expect(Duration(text: text) == duration)
    }

    @Test("Less than a millisecond, less than nothing and more than can be counted are written all the same")
    func extremes() {
        #expect(Duration.microseconds(999).text == "0s")
        #expect(Duration.seconds(-5).text == "0s")
        #expect(Duration.seconds(Int64.max).text.hasPrefix("292471208y"))
    }
}

@Suite struct NearestWordTests {
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
