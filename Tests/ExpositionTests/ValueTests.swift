// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

@Suite("Label values and numbers")
struct ValueTests {
    @Test(
        "Label values hold anything",
        arguments: [
            ("plain", "plain"),
            ("", ""),
            (#"back\slash"#, #"back\\slash"#),
            (#"quo"te"#, #"quo\"te"#),
            ("two\nlines", #"two\nlines"#),
            ("two\r\nlines", "two\r\\nlines"),
            (#"\n"#, #"\\n"#),
            ("👩‍👩‍👧 مرحبا \u{202E}", "👩‍👩‍👧 مرحبا \u{202E}"),
            ("\u{1}\u{7F}\t\u{2028}", "\u{1}\u{7F}\t\u{2028}"),
            ("nul\0", "nul\u{FFFD}"),
            ("a,b=\"c\"}", #"a,b=\"c\"}"#),
        ]
    )
    func labels(value: String, escaped: String) {
        let bytes = Array(#"a="\#(escaped)""#.utf8)
        #expect(Labels(["a": value]).bytes == bytes)
        var sets = LabelSets()
        sets.append(Labels(), ["a": value])
        #expect(Array(sets.bytes[sets.range(of: 0)]) == bytes)
        #expect(Labels(["a": value.labelValue]).bytes == bytes)
    }

    @Test("Labels keep their order, behind those they are added to")
    func order() {
        let base = Labels(["z": "1", "a": "2"])
        #expect(String(decoding: base.adding("m", "3").bytes, as: UTF8.self) == #"z="1",a="2",m="3""#)
        var sets = LabelSets()
        sets.append(base, ["m": "3", "b": "4"])
        sets.append(base, [:])
        #expect(String(decoding: sets.bytes[sets.range(of: 0)], as: UTF8.self) == #"z="1",a="2",m="3",b="4""#)
        #expect(String(decoding: sets.bytes[sets.range(of: 1)], as: UTF8.self) == #"z="1",a="2""#)
    }

    /// Values and how they are written.
    static let writtenNumbers: [(value: Double, text: String)] = [
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (-42, "-42"),
        (1_234_567_890, "1234567890"),
        (9_007_199_254_740_992, "9007199254740992"),
        (1e18, "1000000000000000000"),
        (1e19, "1e+19"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (1.0 / 3, "0.3333333333333333"),
        (1e-7, "1e-07"),
        (.leastNonzeroMagnitude, "5e-324"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        (1_700_000_000.123, "1700000000.123"),
        (.nan, "NaN"),
        (.infinity, "+Inf"),
        (-.infinity, "-Inf"),
    ]

    @Test("Numbers are short and read back the same", arguments: writtenNumbers)
    func numbers(value: Double, text: String) {
        var buffer = TextBuffer(capacity: 1)
        buffer.appendLine(Array("n".utf8), [], value)
        #expect(String(decoding: buffer.takeAll(), as: UTF8.self) == "n \(text)\n")
        if value.isFinite { #expect(Double(text) == value) }
    }

    @Test("Bounds have a point in every format", arguments: [(0.005, "0.005"), (1, "1.0"), (.infinity, "+Inf")])
    func bounds(value: Double, text: String) {
        #expect(value.boundText == text)
    }

    @Test(
        "The name and unit that OpenMetrics takes from a sample's name",
        arguments: [
            (MetricFamily("a_total", .counter, ""), "a", nil),
            (MetricFamily("a_seconds_total", .counter, ""), "a_seconds", "seconds"),
            (MetricFamily("a_ratio", .gauge, ""), "a_ratio", "ratio"),
            (MetricFamily("a_timestamp_seconds", .gauge, ""), "a_timestamp_seconds", "seconds"),
            (MetricFamily("seconds", .gauge, ""), "seconds", nil),
            (MetricFamily("a_bytes_info", .info, ""), "a_bytes", nil),
            (MetricFamily("a_bytes", .histogram, ""), "a_bytes", "bytes"),
        ] as [(MetricFamily, String, String?)]
    )
    func metadata(family: MetricFamily, name: String, unit: String?) {
        #expect(family.openMetricsName == name)
        #expect(family.unit == unit)
    }

    @Test("An observation counts in the first bucket that holds it")
    func histogram() {
        var histogram = Histogram(bounds: [1, 2])
        for value in [0, 1, 1.5, 2, 3] { histogram.observe(value) }
        #expect(histogram.counts == [2, 2, 1])
        #expect(histogram.count == 5)
        #expect(histogram.sum == 7.5)
    }
}
