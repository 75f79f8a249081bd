// SPDX-License-Identifier: Apache-2.0

internal import Compression

/// Writes families and samples in one of the text formats: as a text, or encoded as one block per family.
package struct ExpositionWriter: ~Copyable {
    package private(set) var seriesCount = 0

    private let syntax: Syntax
    private var buffer: TextBuffer
    /// `nil` for a text.
    private let encoder: BlockEncoder?
    /// Whether each family has a block of its own, without metadata.
    private let isDivided: Bool
    /// The value of `seriesCount` at the start of the current block; `nil` before the first.
    private var blockStart: Int?
    private var pendingHeader: MetricFamily?
    private var isCounter = false
    private var name: [UInt8] = []
    private var extendedLabels: [UInt8] = []

    /// Writes a text, in which each family's metadata is written before its first sample, and not at all without one.
    package init(_ syntax: Syntax = .text) {
        self.syntax = syntax
        buffer = TextBuffer(capacity: 8 << 10)
        encoder = nil
        isDivided = false
    }

    /// Writes the samples of each opened family into a block and leaves out the metadata, or, if `isDivided` is false, writes
    /// all families with their metadata into one block.
    init(_ syntax: Syntax, into encoder: BlockEncoder, isDivided: Bool) {
        self.syntax = syntax
        buffer = TextBuffer(capacity: Deflater.stretchLength + 4 << 10)
        self.encoder = encoder
        self.isDivided = isDivided
        blockStart = isDivided ? nil : 0
    }

    package mutating func open(_ family: MetricFamily) {
        if isDivided {
            endBlocks()
            blockStart = seriesCount
        } else {
            pendingHeader = family
        }
        isCounter = family.type == .counter
        name = family.nameBytes
    }

    /// Writes a sample of the current family; a counter's is skipped if it is negative or not a number.
    package mutating func sample(_ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer.appendLine(name, labels.bytes, value)
        endLine()
    }

    /// Writes a sample of the current family for each label set whose value in the column is not NaN.
    package mutating func samples(_ sets: LabelSets, _ column: Span<Double>) {
        for row in column.indices where !column[row].isNaN && begin(column[row]) {
            buffer.appendLine(name, sets.bytes, in: sets.range(of: row), column[row])
            endLine()
        }
    }

    /// Writes a sample of the current family with the label set of a row and further labels after it.
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
        buffer.appendLine(name, extendedLabels, value)
        endLine()
    }

    /// Writes the samples of a histogram of the current family.
    package mutating func samples(_ labels: Labels, _ histogram: Histogram) {
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
            cumulative += count
            sample("_bucket", labels.adding(bound: bound), Double(cumulative))
        }
        sample("_sum", labels, histogram.sum)
        sample("_count", labels, Double(cumulative))
    }

    package consuming func finish() -> [UInt8] { buffer.takeAll() }

    mutating func endBlocks() {
        guard let encoder, let blockStart else { return }
        buffer.drain(into: encoder)
        encoder.endBlock(seriesCount: seriesCount - blockStart)
        self.blockStart = nil
    }

    /// Writes the end mark of the page, which OpenMetrics requires.
    mutating func end() {
        if syntax == .openMetrics { buffer.append(Array("# EOF\n".utf8)) }
    }

    private mutating func sample(_ suffix: String, _ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer.appendLine(name + suffix.utf8, labels.bytes, value)
        endLine()
    }

    /// Writes the metadata if it is still missing; false if the value is invalid for a counter: negative or not a number.
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
        if let encoder, buffer.count >= Deflater.stretchLength { buffer.drain(into: encoder) }
    }
}

extension Double {
    /// A sample's value, other than an integer: the fewest digits that parse to the same number.
    var sampleText: String {
        if isFinite { return description }
        return isNaN ? "NaN" : self > 0 ? "+Inf" : "-Inf"
    }

    /// A bucket's bound, with a decimal point, as OpenMetrics requires: `1.0`.
    ///
    /// Text has the same, or the series would differ by format.
    var boundText: String { isFinite ? description : "+Inf" }
}
