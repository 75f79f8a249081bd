// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// Which number fields of a route become which measures: what decoding and documentation both go by.
struct FieldTable<Measure: MeasureKey>: Sendable {
    /// The route's pattern.
    let route: String
    /// Whether the provider leaves zeros out of a row that it sends.
    var zeroWhenMissing = false
    /// The fields.
    let fields: [Field<Measure>]

    /// Where each measure's family comes from.
    var sources: [FieldSource] {
        fields.map { FieldSource(family: $0.measure.family.name, route: route, field: $0.name) }
    }
}

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

/// How a field's value becomes a number in base units.
enum FieldUnit: Sendable {
    /// As it is.
    case number
    /// From 0 to 100; becomes 0 to 1.
    case percent
    /// True or false; becomes 1 or 0.
    case flag
    /// ISO 8601 text; becomes seconds since the epoch.
    case moment

    /// The number; `nil` for what cannot be one, or is negative: nothing we count can be.
    func read(_ scalar: Scalar) -> Double? {
        let value: Double? =
            switch self {
            case .number: scalar.number
            case .percent: scalar.number.map { $0 / 100 }
            case .flag: scalar.flag.map { $0 ? 1 : 0 }
            case .moment: scalar.moment
            }
        return value.flatMap { $0 >= 0 ? $0 : nil }
    }
}
