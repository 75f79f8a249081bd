// SPDX-License-Identifier: Apache-2.0

/// Observations counted in buckets.
package struct Histogram: Sendable, Hashable {
    /// The upper bounds of the buckets, ascending, without `+Inf`.
    package let bounds: [Double]
    /// The number of observations per bucket, not cumulative; the last bucket is `+Inf`.
    package private(set) var counts: [UInt64]
    package private(set) var sum: Double = 0

    /// - Parameter bounds: the upper bounds, ascending, finite, and below a million, up to which all formats agree on their
    ///   notation.
    package init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// The number of observations.
    package var count: UInt64 { counts.reduce(0, +) }

    /// Adds an observation.
    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
