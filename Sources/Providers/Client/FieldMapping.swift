// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// A number field and the measure that it becomes.
struct MappedField<Measure: MeasureKey>: Sendable {
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

/// Which number fields of a route become which measures: what decoding and documentation both go by.
struct FieldTable<Measure: MeasureKey>: Sendable {
    /// The route's pattern.
    let route: String
    /// Whether the provider leaves zeros out of a row that it sends.
    var zeroWhenMissing = false
    /// The fields.
    let fields: [MappedField<Measure>]

    /// Where each measure's family comes from.
    var sources: [FieldSource] {
        fields.map { FieldSource(family: $0.measure.family.name, route: route, field: $0.name) }
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
    func read(_ scalar: JSONScalar) -> Double? {
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

/// A field whose text becomes a label: a name, a status.
struct LabelField: Sendable {
    /// The route's pattern.
    let route: String
    /// The field's name, with dots into objects inside.
    let name: String
    /// The family that carries it.
    let family: MetricFamily

    /// Maps a field.
    init(_ route: String, _ name: String, _ family: MetricFamily) {
        self.route = route
        self.name = name
        self.family = family
    }

    /// Where the family comes from.
    var source: FieldSource { FieldSource(family: family.name, route: route, field: name) }
}

extension JSONObject {
    /// The text of a label's field.
    func text(_ field: LabelField) -> String? { text(field.name) }
}

extension FieldSource {
    /// Names a field of a route.
    init(family: String, route: String, field: String) {
        self.init(family: family, field: "`\(route)` `\(field)`")
    }
}

/// A provider's codes in a field and what they stand for.
struct Vocabulary<Word: Sendable>: Sendable {
    /// The name under which unknown codes are counted.
    let field: String
    /// What a code outside the table stands for.
    let unknown: Word
    /// What the codes stand for.
    let words: [String: Word]

    /// What a code stands for; one outside the table is noted in `unknownFields`.
    func word(for code: String?, noting unknownFields: inout [String]) -> Word? {
        guard let code else { return nil }
        if let word = words[code] { return word }
        unknownFields.append(field)
        return unknown
    }
}

extension String {
    /// A provider's word as ours are written: `WARMING UP` → `warming_up`.
    var asWord: String {
        String(lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}
