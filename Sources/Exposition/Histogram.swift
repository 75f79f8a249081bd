// SPDX-License-Identifier: Apache-2.0

/// Observations counted in buckets.
package struct Histogram: Sendable, Hashable {
    /// The upper bounds of the buckets, ascending, without the infinite one.
    package let bounds: [Double]
    /// Observations per bucket, not cumulative; the last bucket has no bound.
    package private(set) var counts: [UInt64]
    /// The sum of all observations.
    package private(set) var sum: Double = 0

    /// An empty histogram.
    ///
    /// - Parameter bounds: ascending, finite and below a million, where every format writes them alike.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many observations there were.
    package var count: UInt64 { counts.reduce(0, +) }

    /// Counts an observation.
    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
