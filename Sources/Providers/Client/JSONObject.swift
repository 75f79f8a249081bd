// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Outreach

/// A JSON object with lenient access: missing, null and malformed values are `nil`.
///
/// Paths name fields; dots lead into nested objects: `stats.sent`.
struct JSONObject: Decodable {
    private let fields: KeyedDecodingContainer<JSONKey>
    private let unusable: UnusableValues?

    init(from decoder: any Decoder) throws {
        fields = try decoder.container(keyedBy: JSONKey.self)
        unusable = UnusableValues.key.flatMap { decoder.userInfo[$0] } as? UnusableValues
    }

    /// A number, also one in a string.
    func number(_ path: String) -> Double? { value(path, as: JSONScalar.self)?.number }

    /// A whole number, also one in a string.
    func count(_ path: String) -> Int? { number(path).flatMap(Int.init(exactly:)) }

    /// A number of 0 or more, also one in a string.
    func quantity(_ path: String) -> Double? {
        value(path, as: JSONScalar.self).flatMap(FieldUnit.number.read)
    }

    /// A string, or the text of a number or boolean.
    func text(_ path: String) -> String? { value(path, as: JSONScalar.self)?.text }

    func text(_ field: LabelField) -> String? { text(field.name) }

    /// A boolean, also as 0, 1 or in a string.
    func bool(_ path: String) -> Bool? { value(path, as: JSONScalar.self)?.bool }

    var names: Set<String> { Set(fields.allKeys.map(\.stringValue)) }

    /// Whether there is a value other than null.
    func hasValue(_ path: String) -> Bool {
        let (object, key) = resolve(path)
        return (try? object?.decodeNil(forKey: key)) == false
    }

    /// Whether there is a value, which may be null.
    func contains(_ path: String) -> Bool {
        let (object, key) = resolve(path)
        return object?.contains(key) ?? false
    }

    /// The text that identifies an entry of a list.
    ///
    /// - Throws: `MappingError` if it is missing: without it the whole response is unreliable.
    func identifier(_ path: String) throws -> String {
        guard let text = text(path), !text.isEmpty else { throw MappingError(reason: "an entry without \(path)") }
        return text
    }

    /// A value that must be there.
    ///
    /// - Throws: `MappingError` if it is missing or null, `DecodingError` if it is malformed.
    func required<Value: Decodable>(_ path: String) throws -> Value {
        guard let value: Value = try optional(path) else { throw MappingError(reason: "an answer without \(path)") }
        return value
    }

    /// The elements of an array; empty if it is missing or null.
    ///
    /// - Throws: `DecodingError` if it or an element is malformed.
    func list<Value: Decodable>(_ path: String) throws -> [Value] { try optional(path) ?? [] }

    /// A value; `nil` if it is missing or null.
    ///
    /// - Throws: `DecodingError` if it is malformed.
    func optional<Value: Decodable>(_ path: String) throws -> Value? {
        let (object, key) = resolve(path)
        return try object?.decodeIfPresent(Value.self, forKey: key)
    }

    /// A value; `nil` also if it is malformed.
    func value<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? { try? optional(path) }

    /// The numbers, 0 or more, of an object with arbitrary keys; `nil` without such an object.
    func numbers(_ path: String) -> [String: Double]? { value(path, as: JSONObject.self)?.numbers }

    /// The fields that are numbers, 0 or more.
    var numbers: [String: Double] {
        let pairs = fields.allKeys.compactMap { key in
            (try? fields.decode(JSONScalar.self, forKey: key)).flatMap(FieldUnit.number.read)
                .map { (key.stringValue, $0) }
        }
        return Dictionary(pairs) { _, last in last }
    }

    /// The same as a list of `{_id, count}`, which is a row of MongoDB's `$group`; empty without such a list.
    func counts(_ path: String) -> [String: Double] {
        let rows: [JSONObject] = value(path) ?? []
        let counts = rows.compactMap { row in row.text("_id").flatMap { id in row.quantity("count").map { (id, $0) } } }
        return Dictionary(counts, uniquingKeysWith: +)
    }

    /// The texts of a list of labels, which are texts or objects with a name; those without one are left out.
    func labels(_ path: String) -> [String] { (value(path, as: [JSONLabel].self) ?? []).compactMap(\.text) }

    /// What the fields tell about a plan: a value that is no number of 0 or more, such as -1 for no limit, tells nothing.
    func plan(_ fields: [PlanField]) -> [PlanQuantity] {
        fields.compactMap { field in
            let value = number(field.name) ?? field.alternative.flatMap(number)
            return value.flatMap { $0 < 0 ? nil : PlanQuantity(field.kind, of: field.resource, $0) }
        }
    }

    func measures<Measure>(_ table: FieldTable<Measure>) -> Measures<Measure> {
        var measures = Measures<Measure>()
        for field in table.fields {
            let assumed: Double? = table.zeroWhenMissing && !contains(field.name) ? 0 : nil
            if let number = number(of: field, at: table.route) ?? assumed {
                measures[field.measure] = number
            }
        }
        return measures
    }

    /// The number of a field; a value that is none, and not an empty text either, is noted.
    private func number<Measure>(of field: MappedField<Measure>, at route: String) -> Double? {
        let names = [field.name] + (field.alternative.map { [$0] } ?? [])
        guard let name = names.first(where: hasValue) else { return nil }
        let scalar = value(name, as: JSONScalar.self)
        if let number = scalar.flatMap(field.read) { return number }
        if scalar != .text("") { unusable?.note(route, field.name, row: rowID) }
        return nil
    }

    /// What identifies the object among others, for a log line.
    private var rowID: String? {
        ["campaignId", "campaign_id", "_id", "id", "email"].lazy.compactMap { text($0) }.first { !$0.isEmpty }
    }

    /// The object that a path leads into, and its last component.
    private func resolve(_ path: String) -> (KeyedDecodingContainer<JSONKey>?, JSONKey) {
        var keys = path.split(separator: ".").map { JSONKey(stringValue: String($0)) }
        let last = keys.popLast() ?? JSONKey(stringValue: path)
        var object: KeyedDecodingContainer<JSONKey>? = fields
        for key in keys { object = try? object?.nestedContainer(keyedBy: JSONKey.self, forKey: key) }
        return (object, last)
    }
}

/// A type decoded from a provider's JSON object.
protocol JSONDecodable: Decodable {
    init(json: JSONObject) throws
}

extension JSONDecodable {
    init(from decoder: any Decoder) throws {
        try self.init(json: JSONObject(from: decoder))
    }
}

/// A label: a text, or an object with its name.
private struct JSONLabel: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.text = text
        } else {
            let json = try JSONObject(from: decoder)
            text = json.text("name") ?? json.text("label")
        }
    }
}

/// The name of a field, known only at run time.
struct JSONKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}

/// Valid JSON that is not the documented response.
struct MappingError: Error, Hashable {
    /// For people; may contain a provider's message, not yet sanitized.
    let reason: String
}

/// A JSON number, string or boolean, converted to whichever is needed.
enum JSONScalar: Decodable, Hashable {
    case number(Double)
    case text(String)
    case bool(Bool)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .bool(try value.decode(Bool.self))
        }
    }

    /// Greater counts are garbage; up to here `Double` represents every integer.
    private static let maxNumber = 1e15
    private static let numberCharacters = Set("0123456789+-.eE".utf8)

    /// The number, also of a string like `"42"`; `nil` above 1e15.
    var number: Double? {
        let value: Double? =
            switch self {
            case .number(let number): number
            case .text(let text) where text.utf8.allSatisfy(Self.numberCharacters.contains): Double(text)
            case .text, .bool: nil
            }
        return value.flatMap { abs($0) <= Self.maxNumber ? $0 : nil }
    }

    /// The number, also of a string like `"95%"`.
    var percentage: Double? {
        guard case .text(let text) = self, text.hasSuffix("%") else { return number }
        return JSONScalar.text(String(text.dropLast())).number
    }

    /// The text; a whole number without a fraction.
    var text: String {
        switch self {
        case .text(let text): text
        case .bool(let bool): String(bool)
        case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
        }
    }

    /// The boolean, also of 0, 1, `"true"` and `"false"`.
    var bool: Bool? {
        switch text.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    /// An ISO 8601 text in seconds since the epoch.
    var date: Double? {
        guard case .text(let text) = self else { return nil }
        return try? Date(text, strategy: .iso8601).timeIntervalSince1970
    }
}
