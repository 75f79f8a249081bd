// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// A number field and the measure that it becomes.
struct Field<Measure: MeasureKey>: Sendable {
    /// The field's name, with dots into objects inside.
    let name: String
    /// What it becomes.
    let measure: Measure
    /// How to read it.
    let unit: FieldUnit

    /// Maps a field.
    init(_ name: String, _ measure: Measure, _ unit: FieldUnit = .number) {
        self.name = name
        self.measure = measure
        self.unit = unit
    }
}
