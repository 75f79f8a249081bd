// SPDX-License-Identifier: Apache-2.0

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
