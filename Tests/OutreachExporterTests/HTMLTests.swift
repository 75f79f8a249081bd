// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OutreachExporter

@Suite struct HTMLTests {
    @Test(
        "texts are escaped, whatever they hold",
        arguments: [
            ("plain", "plain"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\"quoted\" & more", "&quot;quoted&quot; &amp; more"),
            ("a\nb\tc", "a b c"),
            ("nul\u{0} and escape\u{1B}", "nul\u{FFFD} and escape\u{FFFD}"),
            ("right\u{202E}to left", "right\u{FFFD}to left"),
            ("🚀 e\u{301}", "🚀 e\u{301}"),
        ]
    )
    func escaping(text: String, markup: String) {
        #expect(("<p>\(text)</p>" as HTML).description == "<p>\(markup)</p>")
    }

    @Test("markup inside markup stays markup")
    func nesting() {
        let inner: HTML = "<b>\("<")</b>"
        #expect(("<p>\(inner)</p>" as HTML).description == "<p><b>&lt;</b></p>")
    }

    @Test(
        "durations read as people say them",
        arguments: [
            (Duration.seconds(0), "0 s"), (.seconds(-5), "0 s"), (.milliseconds(59_900), "59 s"),
            (.seconds(60), "1 min"),
            (.seconds(301), "5 min 1 s"), (.seconds(7500), "2 h 5 min"), (.seconds(90_000), "1 d 1 h"),
        ]
    )
    func durations(duration: Duration, words: String) {
        #expect(duration.approximateText == words)
    }
}
