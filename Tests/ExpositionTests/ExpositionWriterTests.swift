// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

@Suite("The text formats", .timeLimit(.minutes(30)))
struct ExpositionWriterTests {
    @Test("Text 0.0.4, byte by byte")
    func plainText() {
        #expect(
            text(.text, everything) == #"""
                # HELP a_info A name, "quoted" and \\ escaped\nin two lines.
                # TYPE a_info gauge
                a_info{id="1",name="C:\\ \"x\"\n"} 1
                # HELP b_seconds_total Time spent.
                # TYPE b_seconds_total counter
                b_seconds_total{id="1"} 0.5
                b_seconds_total{id="2"} 12
                # HELP c_bytes Size.
                # TYPE c_bytes gauge
                c_bytes -3
                # HELP d_seconds Duration.
                # TYPE d_seconds histogram
                d_seconds_bucket{id="1",le="0.5"} 1
                d_seconds_bucket{id="1",le="1.0"} 3
                d_seconds_bucket{id="1",le="+Inf"} 4
                d_seconds_sum{id="1"} 12
                d_seconds_count{id="1"} 4

                """#
        )
    }

    @Test("OpenMetrics 1.0.0, byte by byte")
    func openMetrics() {
        #expect(
            text(.openMetrics, everything) == #"""
                # TYPE a info
                # HELP a A name, \"quoted\" and \\ escaped\nin two lines.
                a_info{id="1",name="C:\\ \"x\"\n"} 1
                # TYPE b_seconds counter
                # UNIT b_seconds seconds
                # HELP b_seconds Time spent.
                b_seconds_total{id="1"} 0.5
                b_seconds_total{id="2"} 12
                # TYPE c_bytes gauge
                # UNIT c_bytes bytes
                # HELP c_bytes Size.
                c_bytes -3
                # TYPE d_seconds histogram
                # UNIT d_seconds seconds
                # HELP d_seconds Duration.
                d_seconds_bucket{id="1",le="0.5"} 1
                d_seconds_bucket{id="1",le="1.0"} 3
                d_seconds_bucket{id="1",le="+Inf"} 4
                d_seconds_sum{id="1"} 12
                d_seconds_count{id="1"} 4
                # EOF

                """#
        )
    }

    @Test("Samples are the same bytes in every format, so a series is the same series")
    func identity() {
        let samples = Syntax.allCases.map { syntax in
            text(syntax, everything).split(separator: "\n").filter { !$0.hasPrefix("#") }
        }
        #expect(samples[0] == samples[1])
        #expect(samples[0].count == 9)
    }

    @Test("A family without samples leaves no trace")
    func emptyFamily() {
        let text = text { writer in
            writer.open(MetricFamily("empty", .gauge, "Nothing."))
            writer.open(MetricFamily("full", .gauge, "Something."))
            writer.sample(Labels(), 1)
        }
        #expect(text == "# HELP full Something.\n# TYPE full gauge\nfull 1\n")
    }

    @Test("What a counter cannot be is no sample of a counter", arguments: [-1, -Double.infinity, .nan])
    func impossibleCounter(value: Double) {
        #expect(
            text {
                $0.open(MetricFamily("a_total", .counter, "A.")); $0.sample(Labels(), value)
            }.isEmpty
        )
        #expect(
            !text {
                $0.open(MetricFamily("a", .gauge, "A.")); $0.sample(Labels(), value)
            }.isEmpty
        )
    }

    @Test("Every sample is counted, those of a histogram one by one")
    func count() {
        var writer = ExpositionWriter()
        everything(&writer)
        #expect(writer.seriesCount == 9)
    }

    @Test("Long texts lose nothing", arguments: Syntax.allCases)
    func chunks(syntax: Syntax) {
        let padding = String(repeating: "x", count: 200)
        let labels = Labels(["padding": padding])
        let text = text(syntax) { writer in
            writer.open(MetricFamily("a", .gauge, "A."))
            for index in 0..<4_000 { writer.sample(labels, Double(index)) }
        }
        let lines = text.split(separator: "\n").drop { $0.hasPrefix("#") }
        #expect(lines.elementsEqual((0..<4_000).map { "a{padding=\"\(padding)\"} \($0)" }))
    }

    @Test("A column has a sample for each row that has a number, and no header where none has")
    func column() {
        var sets = LabelSets()
        for id in ["1", "2", "3"] { sets.append(Labels(), ["id": id]) }
        let written = text { writer in
            writer.open(MetricFamily("empty", .gauge, "Empty."))
            writer.samples(sets, [Double.nan, .nan, .nan].span)
            writer.open(MetricFamily("some_total", .counter, "Some."))
            writer.samples(sets, [-1, 2, .nan].span)
            writer.open(MetricFamily("most", .gauge, "Most."))
            writer.samples(sets, [-1, 0.25, .nan].span)
        }
        let lines = written.split(separator: "\n").filter { !$0.hasPrefix("# HELP") }
        #expect(
            lines == [
                "# TYPE some_total counter", #"some_total{id="2"} 2"#,
                "# TYPE most gauge", #"most{id="1"} -1"#, #"most{id="2"} 0.25"#,
            ]
        )
    }

    private func everything(_ writer: inout ExpositionWriter) {
        var sets = LabelSets(capacity: 2)
        sets.append(Labels(["id": "1"]), [:])
        sets.append(Labels(), ["id": "2"])
        writer.open(MetricFamily("a_info", .info, "A name, \"quoted\" and \\ escaped\nin two lines."))
        writer.sample(sets, 0, adding: ["name": "C:\\ \"x\"\n"], 1)
        writer.open(MetricFamily("b_seconds_total", .counter, "Time spent."))
        writer.samples(sets, [0.5, 12].span)
        writer.open(MetricFamily("c_bytes", .gauge, "Size."))
        writer.sample(Labels(), -3)
        writer.open(MetricFamily("d_seconds", .histogram, "Duration."))
        var histogram = Histogram(bounds: [0.5, 1])
        for value in [0.5, 0.75, 1, 9.75] { histogram.observe(value) }
        writer.samples(Labels(["id": "1"]), histogram)
        writer.end()
    }
}

/// What `write` writes in a syntax.
private func text(_ syntax: Syntax = .text, _ write: (inout ExpositionWriter) -> Void) -> String {
    var writer = ExpositionWriter(syntax)
    write(&writer)
    return String(decoding: writer.finish(), as: UTF8.self)
}
