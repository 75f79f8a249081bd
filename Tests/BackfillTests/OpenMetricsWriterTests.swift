// SPDX-License-Identifier: Apache-2.0

import Exposition
import TestSupport
import Testing

@testable import Backfill

/// Totals as OpenMetrics with timestamps.
@Suite struct OpenMetricsWriterTests {
    private static let days = Day(number: 1)..<Day(number: 3)

    @Test("Families, series and samples stand in the order that the format wants")
    func text() {
        var text: [UInt8] = []
        let grid = SampleGrid(Self.days, every: 43_200)
        var writer = OpenMetricsWriter(grid, adding: Labels(["job": "o"])) { text += $0 }
        writer.begin(MetricFamily("a_total", .counter, "An \"a\"."))
        writer.write(
            StepSeries([.init(boundary: 0, value: 4), .init(boundary: 1, value: 7)]),
            Array(#"x="1""#.utf8),
            from: 0
        )
        writer.write(
            StepSeries([.init(boundary: 0, value: 0), .init(boundary: 2, value: 5)]),
            Array(#"x="2""#.utf8),
            from: 1
        )
        writer.begin(MetricFamily("nothing_total", .counter, "None."))
        writer.begin(MetricFamily("b_info", .info, "A name."))
        writer.write(.one, Array(#"name="n""#.utf8), from: 2)
        writer.end()
        #expect(
            String(decoding: text, as: UTF8.self) == """
                # TYPE a counter
                # HELP a An \\"a\\".
                a_total{x="1",job="o"} 4 86400
                a_total{x="1",job="o"} 5 129600
                a_total{x="1",job="o"} 7 172800
                a_total{x="1",job="o"} 7 216000
                a_total{x="1",job="o"} 7 259200
                a_total{x="2",job="o"} 0 172800
                a_total{x="2",job="o"} 2 216000
                a_total{x="2",job="o"} 5 259200
                # TYPE b info
                # HELP b A name.
                b_info{name="n",job="o"} 1 259200
                # EOF

                """
        )
        #expect(writer.samples == 9 && writer.series == 3)
    }

    @Test(
        "Samples never fall, are right at every boundary and as many as promised",
        arguments: [300, 3600, 86_400],
        1...5 as ClosedRange<UInt64>
    )
    func samples(spacing: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let days = Day(number: 50)..<Day(number: 80)
        let grid = SampleGrid(days, every: spacing)
        var (series, total) = (StepSeries(), Double.random(in: 0..<9, using: &generator).rounded())
        for boundary in 0...days.count {
            if boundary > 0, Bool.random(using: &generator) {
                total += Double.random(in: 0..<900, using: &generator).rounded()
            }
            series.append(total, at: boundary)
        }
        for first in [0, 7, days.count] {
            var (count, last) = (0, (time: 0, value: 0))
            grid.samples(of: series, from: first) { time, value in
                let day = Day(containing: Double(time))
                if time == day.start {
                    #expect(Double(value) == series.values(days.count + 1)[days.lowerBound.distance(to: day)])
                }
                #expect(value >= last.value && time > last.time)
                (count, last) = (count + 1, (time, value))
            }
            #expect(count == grid.count(from: first))
            #expect(last.time == days.upperBound.start)
        }
    }
}
