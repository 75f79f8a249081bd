// SPDX-License-Identifier: Apache-2.0

/// A report that keeps the limits, and what that took.
package struct LimitedReport: Sendable {
    /// What is left.
    package let report: AccountReport
    /// How many series were left out.
    package let droppedSeries: Int
    /// How many texts were shortened; each may be a label of several series.
    package let shortenedLabels: Int
}
