// SPDX-License-Identifier: Apache-2.0

package import Compression

/// Writes families and samples in one of the text formats, as they are or straight through a compressor.
package struct ExpositionWriter: ~Copyable {
    /// How many samples were written.
    package private(set) var seriesCount = 0

    private let syntax: Syntax
    private var buffer: TextBuffer
    private var deflater: Deflater?
    private var chunks: [[UInt8]] = []
    private var chunkSize: Int
    private var length = 0
    private var pendingHeader: MetricFamily?
    private var isCounter = false
    private var sampleStart: [UInt8] = []
    private var extendedLabels: [UInt8] = []

    /// Starts an empty page.
    ///
    /// - Parameters:
    ///   - syntax: how metadata is written.
    ///   - deflater: where the text goes; `nil` to keep it as it is.
    package init(_ syntax: Syntax = .text, into deflater: consuming Deflater? = nil) {
        self.syntax = syntax
        chunkSize = deflater == nil ? ChunkSize.next(behind: 0) : Deflater.stretch
        buffer = TextBuffer(capacity: chunkSize + 4 << 10)
        self.deflater = deflater
    }

    /// Opens a family: its header is written before its first sample, and not at all without one.
    package mutating func open(_ family: MetricFamily) {
        pendingHeader = family
        isCounter = family.type == .counter
        sampleStart = family.sampleStart
    }

    /// Writes one sample of the open family.
    package mutating func sample(_ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer.appendLine(sampleStart, labels.bytes, value)
        endLine()
    }

    /// Writes one sample of the open family for each set of a table whose value in the column is a number.
    package mutating func samples(_ sets: LabelSets, _ column: Span<Double>) {
        for row in column.indices where !column[row].isNaN && begin(column[row]) {
            buffer.appendLine(sampleStart, sets.bytes, in: sets.range(of: row), column[row])
            endLine()
        }
    }

    /// Writes one sample of the open family that carries a set of a table and further labels behind it.
    package mutating func sample(
        _ sets: LabelSets,
        _ row: Int,
        adding pairs: KeyValuePairs<String, String>,
        _ value: Double
    ) {
        guard begin(value) else { return }
        extendedLabels.removeAll(keepingCapacity: true)
        extendedLabels += sets.bytes[sets.range(of: row)]
        for (name, value) in pairs { extendedLabels.appendLabel(name, value, isFirst: extendedLabels.isEmpty) }
        buffer.appendLine(sampleStart, extendedLabels, value)
        endLine()
    }

    /// Writes all samples of a histogram of the open family.
    package mutating func samples(_ labels: Labels, _ histogram: Histogram) {
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
            cumulative += count
            sample("_bucket", labels.adding(bound: bound), Double(cumulative))
        }
        sample("_sum", labels, histogram.sum)
        sample("_count", labels, Double(cumulative))
    }

    /// Ends the stretch.
    package consuming func finish() -> RenderedSection {
        drain()
        switch consume deflater {
        case .some(let deflater):
            return RenderedSection(content: .deflated(deflater.finish()), seriesCount: seriesCount)
        case .none: return RenderedSection(content: .plain(chunks), seriesCount: seriesCount)
        }
    }

    /// Ends the page as its syntax wants it.
    mutating func end() {
        if syntax == .openMetrics { buffer.append(Array("# EOF\n".utf8)) }
    }

    private mutating func sample(_ suffix: String, _ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer.appendLine(sampleStart + suffix.utf8, labels.bytes, value)
        endLine()
    }

    /// Writes the header if it is still missing; `false` for what a counter cannot be: negative or not a number.
    private mutating func begin(_ value: Double) -> Bool {
        guard !isCounter || value >= 0 else { return false }
        if let family = pendingHeader {
            buffer.append(family.header(in: syntax))
            pendingHeader = nil
        }
        return true
    }

    private mutating func endLine() {
        seriesCount += 1
        if buffer.count >= chunkSize { drain() }
    }

    private mutating func drain() {
        guard buffer.count > 0 else { return }
        length += buffer.count
        if deflater != nil {
            buffer.drain(into: &deflater)
        } else {
            chunks.append(buffer.takeAll())
            chunkSize = ChunkSize.next(behind: length)
        }
    }
}

/// A rendered stretch of the page.
package struct RenderedSection: Sendable {
    /// Its bytes, as they are or compressed.
    package enum Content: Sendable {
        case plain([[UInt8]])
        case deflated(DeflatePiece)
    }

    /// What is sent.
    package let content: Content
    /// How many samples it holds.
    package let seriesCount: Int
}

extension Double {
    /// The value as a sample shows it, where it is not an integer: the fewest digits that read back the same.
    var sampleText: String {
        if isFinite { return description }
        return isNaN ? "NaN" : self > 0 ? "+Inf" : "-Inf"
    }

    /// The value as a bucket's bound, with a point, as OpenMetrics demands: `1.0`.
    ///
    /// Text says the same, or the formats would make two series of one.
    var boundText: String { isFinite ? description : "+Inf" }
}
