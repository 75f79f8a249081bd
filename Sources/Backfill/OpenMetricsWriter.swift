// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Writes series with timestamps as OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`.
///
/// Call `begin` for a family, then `write` for each of its series. Samples of a series are in chronological order.
package struct OpenMetricsWriter<Failure: Error> {
    package private(set) var samples = 0
    package private(set) var series = 0

    private let grid: SampleGrid
    private let labelsEnd: [UInt8]
    private let emit: ([UInt8]) throws(Failure) -> Void
    private var buffer: [UInt8] = []
    private var pendingHeader: MetricFamily?
    private var name: [UInt8] = []

    /// The size from which the buffer is passed on, in bytes.
    private static var flushSize: Int { 1 << 18 }

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - grid: the timestamps of the samples.
    ///   - labels: appended to the labels of every series: `job`, `instance`.
    ///   - emit: receives the text in chunks; its error ends the writing.
    package init(_ grid: SampleGrid, adding labels: Labels, emit: @escaping ([UInt8]) throws(Failure) -> Void) {
        self.grid = grid
        self.emit = emit
        labelsEnd = Array((labels.bytes.isEmpty ? "" : ",").utf8) + labels.bytes + Array("} ".utf8)
        buffer.reserveCapacity(Self.flushSize * 2)
    }

    /// Begins a family; its header is written with its first series.
    package mutating func begin(_ family: MetricFamily) {
        pendingHeader = family
        name = Array(family.name.utf8) + [UInt8(ascii: "{")]
    }

    /// Writes a series of the current family, from a boundary to the end of the grid.
    package mutating func write(_ series: StepSeries, _ labels: [UInt8], from boundary: Int) throws(Failure) {
        if let family = pendingHeader { buffer += family.header(in: .openMetrics) }
        pendingHeader = nil
        let start = name + labels + labelsEnd
        grid.samples(of: series, from: boundary) { time, value in
            buffer += start
            buffer += String(value).utf8
            buffer.append(UInt8(ascii: " "))
            buffer += String(time).utf8
            buffer.append(UInt8(ascii: "\n"))
        }
        samples += grid.count(from: boundary)
        self.series += 1
        if buffer.count >= Self.flushSize { try flush() }
    }

    package mutating func end() throws(Failure) {
        buffer += "# EOF\n".utf8
        try flush()
    }

    private mutating func flush() throws(Failure) {
        try emit(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// The timestamps of a backfill's samples: every day boundary, and evenly between them.
package struct SampleGrid: Sendable, Hashable {
    package let days: Range<Day>
    /// The time between two samples, in seconds; divides a day.
    package let spacing: Int

    package init(_ days: Range<Day>, every spacing: Int) {
        self.days = days
        self.spacing = spacing
    }

    private var samplesPerDay: Int { Day.seconds / spacing }

    /// The number of samples from a boundary to the end.
    package func count(from boundary: Int) -> Int { (days.count - boundary) * samplesPerDay + 1 }

    /// Calls with the time, in seconds since the epoch, and the value of each sample from a boundary to the end.
    ///
    /// The hours of a day's events are not known. Values rise linearly over the day, as `increase` interpolates between
    /// two samples that are a day apart. They are whole numbers.
    package func samples(of series: StepSeries, from first: Int, _ body: (_ time: Int, _ value: Int) -> Void) {
        var (position, value) = (0, 0)
        for boundary in first...days.count {
            while position < series.changes.count, series.changes[position].boundary <= boundary {
                value = Int(series.changes[position].value)
                position += 1
            }
            let time = days.lowerBound.start + boundary * Day.seconds
            guard boundary < days.count else { return body(time, value) }
            let changes = position < series.changes.count && series.changes[position].boundary == boundary + 1
            let rise = changes ? Int(series.changes[position].value) - value : 0
            for part in 0..<samplesPerDay { body(time + part * spacing, value + rise * part / samplesPerDay) }
        }
    }
}
