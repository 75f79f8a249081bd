// SPDX-License-Identifier: Apache-2.0

/// A rendered label set, as between the braces of a sample.
///
/// The escapes of label values are the same in every text format, so it is rendered once for all formats and series.
package struct Labels: Sendable, Hashable {
    /// `name="value",name="value"`, escaped; empty for a series without labels.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Renders pairs of name and value in the given order.
    package init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name, value) }
    }

    package func adding(_ name: String, _ value: String) -> Labels {
        var copy = self
        copy.append(name, value)
        return copy
    }

    /// A copy with a bucket's upper bound appended as the label `le`.
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

/// Rendered label sets in one buffer, without an allocation per set: the rows of a table whose columns are families.
package struct LabelSets: Sendable {
    /// The sets, one after the other, each as in `Labels`.
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// - Parameter capacity: the number of sets to reserve memory for.
    package init(capacity: Int = 0) {
        ends.reserveCapacity(capacity)
        // Enough for the usual set: three labels, one of them a UUID, and a step's three. Unused memory is never
        // touched, hence not resident; growing would copy the whole buffer.
        bytes.reserveCapacity(capacity * 160)
    }

    package var count: Int { ends.count }

    /// Appends a set: the labels of `base`, then the pairs of name and value.
    package mutating func append(_ base: Labels, _ pairs: KeyValuePairs<String, String>) {
        let start = bytes.count
        bytes += base.bytes
        for (name, value) in pairs { bytes.appendLabel(name, value, isFirst: bytes.count == start) }
        ends.append(bytes.count)
    }

    /// The range of a set in `bytes`.
    func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
}

extension [UInt8] {
    /// Appends `name="value"`, after a comma unless it is the first.
    mutating func appendLabel(_ name: String, _ value: String, isFirst: Bool) {
        if !isFirst { append(UInt8(ascii: ",")) }
        append(contentsOf: name.utf8)
        append(contentsOf: "=\"".utf8)
        appendEscaped(value, quotes: true)
        append(UInt8(ascii: "\""))
    }

    /// Appends a text with backslashes, newlines and, if `quotes` is true, double quotes escaped.
    ///
    /// NUL, which no format can escape and at which Prometheus's parser stops, becomes U+FFFD.
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
    /// The text as it is in a label value: with U+FFFD in place of NUL.
    package var labelValue: String {
        utf8.contains(0) ? String(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : Character($0) }) : self
    }
}
