// SPDX-License-Identifier: Apache-2.0

/// A total at the boundaries of days, as the boundaries at which it changed: days without events take no room.
package struct StepSeries: Sendable, Hashable {
    /// A boundary, counted from the beginning of the range, and the total from it on.
    package struct Change: Sendable, Hashable {
        /// Which boundary.
        package let boundary: Int
        /// The total at it.
        package var value: Double
    }

    /// The changes in the order of time; the first stands for everything before it too.
    package private(set) var changes: [Change] = []

    /// A total that nothing is known about.
    package init() {}

    /// Puts together what was told of one total in spans of days, in whatever order.
    package init(joining tracks: [StepSeries]) {
        for change in tracks.flatMap(\.changes).sorted(by: { ($0.boundary, $0.value) < ($1.boundary, $1.value) }) {
            note(change.value, at: change.boundary)
        }
        _ = settle()
    }

    /// Puts a track together from changes in the order of time.
    init(_ changes: [Change]) {
        self.changes = changes
    }

    /// Notes the total at a boundary behind all others; before its first mention a total was zero.
    mutating func note(_ value: Double, at boundary: Int) {
        if changes.isEmpty, boundary > 0 { changes.append(Change(boundary: 0, value: 0)) }
        if changes.last?.value != value { changes.append(Change(boundary: boundary, value: value)) }
    }

    /// The same changes, so many boundaries later.
    func shifted(by boundaries: Int) -> StepSeries {
        StepSeries(changes.map { Change(boundary: $0.boundary + boundaries, value: $0.value) })
    }

    /// Lowers what lies above a later total, so that the last one stands and nothing falls on the way to it.
    ///
    /// - Returns: whether anything had to be lowered.
    mutating func settle() -> Bool {
        var (ceiling, fell) = (Double.infinity, false)
        for index in changes.indices.reversed() {
            fell = fell || changes[index].value > ceiling
            ceiling = min(ceiling, changes[index].value)
            changes[index].value = ceiling
        }
        return fell
    }

    /// The boundary behind which the first event was counted; `nil` where there was none at all.
    var birth: Int? {
        guard let first = changes.first(where: { $0.value > 0 }) else { return nil }
        return max(0, first.boundary - 1)
    }
}
