// SPDX-License-Identifier: Apache-2.0

/// A label set as it stands between the braces of a sample: names, values and escapes already rendered.
///
/// Escapes of label values are the same in every text format, so one rendering serves all of them and every series
/// that carries the set.
package struct Labels: Sendable, Hashable {
    /// `name="value",name="value"`, escaped; empty for a series without labels.
    package private(set) var bytes: [UInt8] = []

    /// The empty label set.
    package init() {}

    /// Renders names and values in the given order.
    package init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name, value) }
    }

    /// A copy with one more label behind the others.
    package func adding(_ name: String, _ value: String) -> Labels {
        var copy = self
        copy.append(name, value)
        return copy
    }

    /// A copy with a bucket's upper bound behind the others.
    func adding(bound: Double) -> Labels {
        var copy = self
        copy.bytes.append(contentsOf: (bytes.isEmpty ? "le=\"" : ",le=\"").utf8)
        copy.bytes.append(contentsOf: bound.boundText.utf8)
        copy.bytes.append(UInt8(ascii: "\""))
        return copy
    }

    private mutating func append(_ name: String, _ value: String) {
        bytes.appendLabel(name, value, isFirst: bytes.isEmpty)
    }
}

/// Many label sets side by side in one buffer: what a table of series shares, without an allocation per row.
package struct LabelSets: Sendable {
    /// The sets, each as in `Labels`.
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// No sets yet.
    ///
    /// - Parameter capacity: how many sets to make room for.
    package init(capacity: Int = 0) {
        ends.reserveCapacity(capacity)
        // Room for the usual set: three labels, one of them a UUID, and a step's three. What is not used is never
        // touched, hence not resident; growing would copy the whole buffer.
        bytes.reserveCapacity(capacity * 160)
    }

    /// How many sets there are.
    package var count: Int { ends.count }

    /// Appends a set: the labels of `base` followed by further ones.
    package mutating func append(_ base: Labels, _ pairs: KeyValuePairs<String, String>) {
        let start = bytes.count
        bytes += base.bytes
        for (name, value) in pairs { bytes.appendLabel(name, value, isFirst: bytes.count == start) }
        ends.append(bytes.count)
    }

    /// Where a set stands in `bytes`.
    func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
}

extension [UInt8] {
    /// Appends `name="value"`, behind a comma unless it is the first.
    mutating func appendLabel(_ name: String, _ value: String, isFirst: Bool) {
        if !isFirst { append(UInt8(ascii: ",")) }
        append(contentsOf: name.utf8)
        append(contentsOf: "=\"".utf8)
        appendEscaped(value, quotes: true)
        append(UInt8(ascii: "\""))
    }

    /// Appends a text with backslashes, newlines and, where they would end it, quotes escaped.
    ///
    /// NUL, which no format can escape and which ends Prometheus's parser, becomes U+FFFD.
    mutating func appendEscaped(_ text: String, quotes: Bool) {
        guard text.needsEscapes else { return append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where quotes: append(contentsOf: #"\""#.utf8)
            case 0: append(contentsOf: "\u{FFFD}".utf8)
            default: append(byte)
            }
        }
    }
}

extension String {
    fileprivate var needsEscapes: Bool {
        let bytes = utf8Span.span
        for index in bytes.indices where bytes[index].isEscaped { return true }
        return false
    }
}

extension UInt8 {
    fileprivate var isEscaped: Bool {
        self == UInt8(ascii: "\\") || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\n") || self == 0
    }
}

extension String {
    /// The text as a label value shows it: two texts are the same label value where these are equal.
    package var labelValue: String {
        utf8.contains(0) ? String(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : Character($0) }) : self
    }
}
