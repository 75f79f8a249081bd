// SPDX-License-Identifier: Apache-2.0

internal import Collection
internal import Exposition
internal import Outreach
internal import Synchronization

/// A number field of a response and the measure it becomes.
struct MappedField<Measure: MeasureKey>: Sendable {
    /// The path of the field; dots lead into nested objects.
    let name: String
    let measure: Measure
    let unit: FieldUnit
    /// Whether every response with rows has it, so that its absence is a change of the API.
    let isNeeded: Bool
    /// The path in another version of the API; used where `name` is missing.
    let alternative: String?
    private let isCounter: Bool

    init(
        _ name: String,
        _ measure: Measure,
        _ unit: FieldUnit = .number,
        needed: Bool = false,
        or alternative: String? = nil
    ) {
        self.name = name
        self.measure = measure
        self.unit = unit
        isNeeded = needed
        self.alternative = alternative
        isCounter = measure.family.type == .counter
    }

    /// The number of a value; `nil` if the measure cannot have it: a counter counts whole things.
    func read(_ scalar: JSONScalar) -> Double? {
        unit.read(scalar).flatMap { isCounter && $0 != $0.rounded() ? nil : $0 }
    }
}

/// The number fields of a route: decoding and documentation both read this table.
struct FieldTable<Measure: MeasureKey>: Sendable {
    /// The route's pattern.
    let route: String
    /// Whether the provider omits fields that are zero.
    var zeroWhenMissing = false
    let fields: [MappedField<Measure>]

    /// Which of the needed fields, less one that is not asked for, at least one of a response's rows had; empty without rows.
    func presence(in rows: [Measures<Measure>], except measure: Measure? = nil) -> [FieldPresence] {
        let needed = fields.filter { $0.isNeeded && $0.measure != measure }
        guard !rows.isEmpty, !needed.isEmpty else { return [] }
        let present = needed.filter { field in rows.contains { $0[field.measure] != nil } }
        return [FieldPresence(route: route, needed: Set(needed.map(\.name)), present: Set(present.map(\.name)))]
    }

    var sources: [FieldSource] {
        fields.map { FieldSource(family: $0.measure.family.name, route: route, field: $0.name) }
    }
}

/// How a field's value becomes a number in base units.
enum FieldUnit: Sendable {
    /// A number, used as it is.
    case number
    /// A number from 0 to 100; becomes 0 to 1.
    case percent
    /// Minutes; becomes seconds.
    case minutes
    /// A boolean; becomes 0 or 1.
    case bool
    /// An ISO 8601 text; becomes seconds since the epoch.
    case date

    /// The number; `nil` for other kinds of values and for negative numbers, which no exported measure can have.
    func read(_ scalar: JSONScalar) -> Double? {
        let value: Double? =
            switch self {
            case .number: scalar.number
            case .percent: scalar.percentage.map { $0 / 100 }
            case .minutes: scalar.number.map { $0 * 60 }
            case .bool: scalar.bool.map { $0 ? 1 : 0 }
            case .date: scalar.date
            }
        return value.flatMap { $0 >= 0 ? $0 : nil }
    }
}

/// A field of a response whose text becomes a label: a name, a status.
struct LabelField: Sendable {
    /// The route's pattern.
    let route: String
    /// The path of the field; dots lead into nested objects.
    let name: String
    /// The metric family with the label.
    let family: MetricFamily

    init(_ route: String, _ name: String, _ family: MetricFamily) {
        self.route = route
        self.name = name
        self.family = family
    }

    var source: FieldSource { FieldSource(family: family.name, route: route, field: name) }
}

/// A number field of a response that tells something about the account's plan.
struct PlanField: Sendable {
    /// The route's pattern.
    let route: String
    /// The path of the field; dots lead into nested objects.
    let name: String
    let kind: PlanQuantity.Kind
    let resource: String
    /// Another path of the same number; used where `name` has none.
    let alternative: String?

    init(
        _ route: String,
        _ name: String,
        _ kind: PlanQuantity.Kind,
        of resource: String,
        or alternative: String? = nil
    ) {
        self.route = route
        self.name = name
        self.kind = kind
        self.resource = resource
        self.alternative = alternative
    }

    var source: FieldSource { FieldSource(family: kind.family.name, route: route, field: name) }
}

extension FieldSource {
    init(family: String, route: String, field: String) {
        self.init(family: family, field: "`\(route)` `\(field)`")
    }
}

/// The meanings of a provider's codes in a field.
struct CodeTable<Value: Sendable>: Sendable {
    /// The name under which unknown codes are counted.
    let field: String
    /// The meaning of codes that are not in the table.
    let unknown: Value
    let values: [String: Value]

    /// The meaning of a code; appends `field` to `unknownFields` if the code is not in the table.
    func value(of code: String?, unknownFields: inout [String]) -> Value? {
        guard let code else { return nil }
        if let value = values[code] { return value }
        unknownFields.append(field)
        return unknown
    }
}

extension String {
    /// A provider's term in the form of a label value: `WARMING UP` → `warming_up`.
    var snakeCased: String {
        String(lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }
}

/// Collects the values of a response that cannot be the number of their metric, while it is decoded.
final class UnusableValues: Sendable {
    /// The key of `userInfo` under which decoders find it.
    static let key = CodingUserInfoKey(rawValue: "unusableValues")

    /// Longer ids are cut in log lines.
    private static let longestID = 64

    private let found = Mutex<[UnusableValue]>([])

    /// What was found, one entry per route and field.
    var all: [UnusableValue] { found.withLock { $0 } }

    /// Counts a value of a field; `row` identifies the object that has it, if anything does.
    func note(_ route: String, _ field: String, row: @autoclosure () -> String?) {
        found.withLock { found in
            if let index = found.firstIndex(where: { $0.route == route && $0.field == field }) {
                found[index].count += 1
            } else {
                let row = row().map { String($0.prefix(Self.longestID)) }
                found.append(UnusableValue(route: route, field: field, row: row))
            }
        }
    }
}
