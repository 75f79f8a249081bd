// SPDX-License-Identifier: Apache-2.0

/// A counter's totals at day boundaries, stored as its changes: days without events take no memory.
package struct StepSeries: Sendable, Hashable {
    /// A new total from a boundary on.
    package struct Change: Sendable, Hashable {
        /// The boundary, counted from the first day of the range.
        package let boundary: Int
        /// The total from there on.
        package var value: Double
    }

    /// The changes in chronological order; the first value also holds before its boundary.
    package private(set) var changes: [Change] = []

    package init() {}

    /// Joins series of the same counter from different ranges of days, given in any order.
    package init(joining series: [StepSeries]) {
        for change in series.flatMap(\.changes).sorted(by: { ($0.boundary, $0.value) < ($1.boundary, $1.value) }) {
            append(change.value, at: change.boundary)
        }
        _ = makeMonotonic()
    }

    init(_ changes: [Change]) {
        self.changes = changes
    }

    /// A constant 1, the value of an info metric.
    package static let one = StepSeries([Change(boundary: 0, value: 1)])

    /// Appends the total at a boundary after all others; before the first one the total was 0.
    mutating func append(_ value: Double, at boundary: Int) {
        if changes.isEmpty, boundary > 0 { changes.append(Change(boundary: 0, value: 0)) }
        if changes.last?.value != value { changes.append(Change(boundary: boundary, value: value)) }
    }

    /// The series with every boundary moved by an offset.
    func shifted(by offset: Int) -> StepSeries {
        StepSeries(changes.map { Change(boundary: $0.boundary + offset, value: $0.value) })
    }

    /// Lowers totals that exceed a later one.
    ///
    /// - Returns: whether there were any.
    mutating func makeMonotonic() -> Bool {
        var (ceiling, wasLowered) = (Double.infinity, false)
        for index in changes.indices.reversed() {
            wasLowered = wasLowered || changes[index].value > ceiling
            ceiling = min(ceiling, changes[index].value)
            changes[index].value = ceiling
        }
        return wasLowered
    }

    /// The last boundary before the first event; `nil` without events.
    var start: Int? {
        changes.first { $0.value > 0 }.map { max(0, $0.boundary - 1) }
    }
}
