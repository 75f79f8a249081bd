// SPDX-License-Identifier: Apache-2.0

package import Compression

/// Writes families and samples in one of the text formats, as they are or straight through a compressor.
package struct ExpositionWriter: ~Copyable {
    /// What was written and not yet passed on.
    package private(set) var buffer: [UInt8] = []
    /// How many samples were written.
    package private(set) var seriesCount = 0

    private let syntax: Syntax
    private var deflater: Deflater?
    private var chunks: [[UInt8]] = []
    private let chunkSize: Int
    private var pendingHeader: Family?
    private var isCounter = false
    private var sampleStart: [UInt8] = []

    /// Starts an empty page.
    ///
    /// - Parameters:
    ///   - syntax: how metadata is written.
    ///   - deflater: where the text goes; `nil` to keep it as it is.
    package init(_ syntax: Syntax = .text, into deflater: consuming Deflater? = nil) {
        self.syntax = syntax
        // Small enough for the second-level cache on the way to the compressor, large enough to be few otherwise.
        chunkSize = deflater == nil ? 256 << 10 : 64 << 10
        self.deflater = deflater
    }

    /// Opens a family: its header is written before its first sample, and not at all without one.
    package mutating func open(_ family: Family) {
        pendingHeader = family
        isCounter = family.type == .counter
        sampleStart = Array(family.name.utf8)
    }

    /// Writes one sample of the open family.
    package mutating func sample(_ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer += sampleStart
        appendBraced(labels.bytes[...])
        end(value)
    }

    /// Writes one sample of the open family that carries a set of a table.
    package mutating func sample(_ sets: LabelSets, _ row: Int, _ value: Double) {
        guard begin(value) else { return }
        buffer += sampleStart
        buffer.append(UInt8(ascii: "{"))
        buffer += sets[row]
        buffer.append(UInt8(ascii: "}"))
        end(value)
    }

    /// Writes one sample of the open family that carries a set of a table and further labels behind it.
    package mutating func sample(
        _ sets: LabelSets,
        _ row: Int,
        adding pairs: KeyValuePairs<String, String>,
        _ value: Double
    ) {
        guard begin(value) else { return }
        buffer += sampleStart
        buffer.append(UInt8(ascii: "{"))
        buffer += sets[row]
        for (name, value) in pairs { buffer.appendLabel(name, value, isFirst: false) }
        buffer.append(UInt8(ascii: "}"))
        end(value)
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
    package consuming func finish() -> Part {
        drain()
        switch consume deflater {
        case .some(let deflater): return Part(content: .deflated(deflater.finish()), seriesCount: seriesCount)
        case .none: return Part(content: .plain(chunks), seriesCount: seriesCount)
        }
    }

    /// Ends the page as its syntax wants it.
    mutating func end() {
        if syntax == .openMetrics { buffer += "# EOF\n".utf8 }
    }

    private mutating func sample(_ suffix: String, _ labels: Labels, _ value: Double) {
        guard begin(value) else { return }
        buffer += sampleStart
        buffer += suffix.utf8
        appendBraced(labels.bytes[...])
        end(value)
    }

    /// Writes the header if it is still missing; `false` for what a counter cannot be: negative or not a number.
    private mutating func begin(_ value: Double) -> Bool {
        guard !isCounter || value >= 0 else { return false }
        if let family = pendingHeader {
            buffer.appendHeader(of: family, in: syntax)
            pendingHeader = nil
        }
        return true
    }

    private mutating func appendBraced(_ labels: ArraySlice<UInt8>) {
        guard !labels.isEmpty else { return }
        buffer.append(UInt8(ascii: "{"))
        buffer += labels
        buffer.append(UInt8(ascii: "}"))
    }

    private mutating func end(_ value: Double) {
        buffer.append(UInt8(ascii: " "))
        buffer.appendNumber(value)
        buffer.append(UInt8(ascii: "\n"))
        seriesCount += 1
        if buffer.count >= chunkSize { drain() }
    }

    private mutating func drain() {
        guard !buffer.isEmpty else { return }
        if deflater != nil {
            deflater?.append(buffer)
            buffer.removeAll(keepingCapacity: true)
        } else {
            chunks.append(buffer)
            buffer = []
        }
    }
}
