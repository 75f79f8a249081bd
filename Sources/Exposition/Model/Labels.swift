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
