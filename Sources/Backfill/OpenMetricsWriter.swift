// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// Writes a past as OpenMetrics with timestamps: family by family, series by series, each series in the order of time,
/// as the format wants it and `promtool tsdb create-blocks-from openmetrics` reads it.
package struct OpenMetricsWriter<Failure: Error> {
    /// Samples written.
    package private(set) var samples = 0
    /// Series written.
    package private(set) var series = 0

    private let grid: SampleGrid
    private let ending: [UInt8]
    private let emit: ([UInt8]) throws(Failure) -> Void
    private var buffer: [UInt8] = []
    private var pendingHeader: MetricFamily?
    private var name: [UInt8] = []

    /// As much as is put together before it is passed on.
    private static var chunk: Int { 1 << 18 }

    /// Prepares the text.
    ///
    /// - Parameters:
    ///   - grid: when the samples lie.
    ///   - labels: what every series carries behind its own labels: `job`, `instance`.
    ///   - emit: takes the text in pieces.
    package init(_ grid: SampleGrid, adding labels: Labels, emit: @escaping ([UInt8]) throws(Failure) -> Void) {
        self.grid = grid
        self.emit = emit
        ending = Array((labels.bytes.isEmpty ? "" : ",").utf8) + labels.bytes + Array("} ".utf8)
        buffer.reserveCapacity(Self.chunk * 2)
    }

    /// Opens a family: its header is written before its first series, and not at all without one.
    package mutating func open(_ family: MetricFamily) {
        pendingHeader = family
        name = Array(family.name.utf8) + [UInt8(ascii: "{")]
    }

    /// Writes a series of the open family from a boundary on.
    package mutating func write(_ track: StepSeries, _ labels: [UInt8], from boundary: Int) throws(Failure) {
        if let family = pendingHeader { buffer += family.header(in: .openMetrics) }
        pendingHeader = nil
        let start = name + labels + ending
        grid.samples(of: track, from: boundary) { time, value in
            buffer += start
            buffer.append(number: value)
            buffer.append(UInt8(ascii: " "))
            buffer.append(number: time)
            buffer.append(UInt8(ascii: "\n"))
        }
        samples += grid.count(from: boundary)
        series += 1
        if buffer.count >= Self.chunk { try drain() }
    }

    /// Writes what ends the text.
    package mutating func end() throws(Failure) {
        buffer += "# EOF\n".utf8
        try drain()
    }

    private mutating func drain() throws(Failure) {
        try emit(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

extension StepSeries {
    /// A constant 1, as an info has it.
    package static let one = StepSeries([Change(boundary: 0, value: 1)])
}

extension [UInt8] {
    /// Appends the digits of a number that is not negative.
    fileprivate mutating func append(number: Int) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}

/// When the samples of the past lie: at the boundaries of days, and evenly between them.
package struct SampleGrid: Sendable, Hashable {
    /// The days of the past.
    package let days: Range<Day>
    /// Seconds from one sample to the next; a part of the day that divides it.
    package let spacing: Int

    /// Lays a grid over some days.
    package init(_ days: Range<Day>, every spacing: Int) {
        self.days = days
        self.spacing = spacing
    }

    private var perDay: Int { Day.seconds / spacing }

    /// How many samples a series has that begins at a boundary.
    package func count(from boundary: Int) -> Int { (days.count - boundary) * perDay + 1 }

    /// Calls with the time, in seconds since the epoch, and the value of each sample of a track.
    ///
    /// A day's events are spread evenly over the day, which is how `increase` reads two samples that lie a day apart
    /// too: the daily sums are true, the hours within them are not known. Every value is a whole number.
    package func samples(of track: StepSeries, from first: Int, _ body: (_ time: Int, _ value: Int) -> Void) {
        var (position, low) = (0, 0)
        for boundary in first...days.count {
            while position < track.changes.count, track.changes[position].boundary <= boundary {
                low = Int(track.changes[position].value)
                position += 1
            }
            let time = days.lowerBound.start + boundary * Day.seconds
            guard boundary < days.count else { return body(time, low) }
            let isMoving = position < track.changes.count && track.changes[position].boundary == boundary + 1
            let rise = isMoving ? Int(track.changes[position].value) - low : 0
            for part in 0..<perDay { body(time + part * spacing, low + rise * part / perDay) }
        }
    }
}
