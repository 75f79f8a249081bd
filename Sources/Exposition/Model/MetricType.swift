// SPDX-License-Identifier: Apache-2.0

/// What kind of number a family holds.
package enum MetricType: Sendable, Hashable {
    /// A total that only grows; its name ends in `_total`.
    case counter
    /// A number that moves both ways.
    case gauge
    /// Counts of observations in cumulative buckets.
    case histogram
    /// A constant 1 whose labels carry the information; its name ends in `_info`.
    case info
}
