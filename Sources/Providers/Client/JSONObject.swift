// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Backfill
internal import Outreach

/// A JSON object read leniently: what is missing, null or garbage is `nil`.
///
/// Paths name fields, with dots into objects inside: `stats.sent`.
struct JSONObject {
    private let fields: KeyedDecodingContainer<JSONKey>

    init(_ decoder: any Decoder) throws {
        fields = try decoder.container(keyedBy: JSONKey.self)
    }

    private init(_ fields: KeyedDecodingContainer<JSONKey>) {
        self.fields = fields
    }

    /// The number at a path; also one written as text.
    func number(_ path: String) -> Double? { value(path, as: JSONScalar.self)?.number }

    /// The whole number at a path.
    func count(_ path: String) -> Int? { number(path).flatMap(Int.init(exactly:)) }

    /// The text at a path; also a number's digits.
    func text(_ path: String) -> String? { value(path, as: JSONScalar.self)?.text }

    /// The truth value at a path.
    func flag(_ path: String) -> Bool? { value(path, as: JSONScalar.self)?.flag }

    /// Whether the path leads to anything, be it null.
    func has(_ path: String) -> Bool {
        let (row, key) = resolve(path)
        return row?.contains(key) ?? false
    }

    /// The text that tells this row from others.
    ///
    /// - Throws: `MappingError` where there is none: a row that cannot be named makes the whole answer doubtful.
    func identity(_ path: String) throws -> String {
        guard let text = text(path), !text.isEmpty else { throw MappingError(reason: "an entry without \(path)") }
        return text
    }

    /// The day that tells this row from others.
    ///
    /// - Throws: `MappingError` where there is none.
    func day(_ path: String) throws -> Day {
        guard let day = Day(try identity(path)) else {
            throw MappingError(reason: "an entry without a date in \(path)")
        }
        return day
    }

    /// The value at a path that must be there.
    ///
    /// - Throws: `MappingError` where it is missing or null, the decoding's error where it is malformed.
    func required<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
        let (row, key) = resolve(path)
        guard let value = try row?.decodeIfPresent(type, forKey: key) else {
            throw MappingError(reason: "an answer without \(path)")
        }
        return value
    }

    /// The entries of a list; none where it is missing or null.
    ///
    /// - Throws: the decoding's error where an entry is malformed.
    func list<Value: Decodable>(_ path: String, of type: Value.Type = Value.self) throws -> [Value] {
        let (row, key) = resolve(path)
        return try row?.decodeIfPresent([Value].self, forKey: key) ?? []
    }

    /// The value at a path; `nil` also where it is malformed.
    func value<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? {
        let (row, key) = resolve(path)
        return try? row?.decodeIfPresent(type, forKey: key)
    }

    /// The numbers of an object with keys of its own; `nil` where there is no such object.
    func numbers(_ path: String) -> [String: Double]? {
        let (row, key) = resolve(path)
        guard let inner = try? row?.nestedContainer(keyedBy: JSONKey.self, forKey: key) else { return nil }
        let object = JSONObject(inner)
        let pairs = inner.allKeys.compactMap { key in object.measure(at: key).map { (key.stringValue, $0) } }
        return Dictionary(pairs) { _, last in last }
    }

    /// The entries of an object with keys of its own; none where it is missing or null.
    ///
    /// - Throws: the decoding's error where an entry is malformed.
    func mapping<Value: Decodable>(_ path: String, of type: Value.Type = Value.self) throws -> [String: Value] {
        let (row, key) = resolve(path)
        return try row?.decodeIfPresent([String: Value].self, forKey: key) ?? [:]
    }

    /// Recognises an error that comes with a status of success.
    ///
    /// - Throws: `MappingError` with the error's words, unless the expected content is there.
    func refuseError(unless isContent: Bool) throws {
        guard !isContent, let words = text("message") ?? text("error") else { return }
        throw MappingError(reason: "an error in place of an answer: \(words)")
    }

    /// The numbers of a table's fields.
    func measures<Measure>(_ table: FieldTable<Measure>) -> Measures<Measure> {
        var measures = Measures<Measure>()
        for field in table.fields {
            let assumed: Double? = table.zeroWhenMissing && !has(field.name) ? 0 : nil
            if let number = value(field.name, as: JSONScalar.self).flatMap(field.unit.read) ?? assumed {
                measures[field.measure] = number
            }
        }
        return measures
    }

    private func measure(at key: JSONKey) -> Double? {
        (try? fields.decode(JSONScalar.self, forKey: key)).flatMap(FieldUnit.number.read)
    }

    /// The object that a path leads into, and the last name on it.
    private func resolve(_ path: String) -> (KeyedDecodingContainer<JSONKey>?, JSONKey) {
        var names = path.split(separator: ".").map { JSONKey(stringValue: String($0)) }
        let last = names.popLast() ?? JSONKey(stringValue: path)
        var row: KeyedDecodingContainer<JSONKey>? = fields
        for name in names { row = try? row?.nestedContainer(keyedBy: JSONKey.self, forKey: name) }
        return (row, last)
    }
}

/// A type that mirrors a provider's JSON object.
protocol JSONDecodable: Decodable {
    /// Reads the object.
    init(row: JSONObject) throws
}

extension JSONDecodable {
    init(from decoder: any Decoder) throws {
        try self.init(row: JSONObject(decoder))
    }
}

/// A field's name, known only at run time.
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

/// Why JSON that parses is still not an answer.
struct MappingError: Error, Hashable {
    /// For people; may hold a provider's words, not yet cleaned.
    let reason: String
}

/// A number, text or truth value from the wire, read as whichever of them is needed.
enum JSONScalar: Decodable, Hashable {
    case number(Double)
    case text(String)
    case flag(Bool)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .flag(try value.decode(Bool.self))
        }
    }

    /// Beyond this a count is garbage; below it a double holds every integer.
    private static let largest = 1e15
    private static let digits = Set("0123456789+-.eE".utf8)

    /// The number, also of a text like `"42"`; `nil` for anything else, infinite or absurdly large.
    var number: Double? {
        let value: Double? =
            switch self {
            case .number(let number): number
            case .text(let text) where text.utf8.allSatisfy(Self.digits.contains): Double(text)
            case .text, .flag: nil
            }
        return value.flatMap { abs($0) <= Self.largest ? $0 : nil }
    }

    /// The text; of a whole number its digits.
    var text: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): String(flag)
        case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
        }
    }

    /// The truth value, also of 0, 1, `"true"` and `"false"`.
    var flag: Bool? {
        switch text.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    /// A time as ISO 8601 text in seconds since the epoch.
    var moment: Double? {
        guard case .text(let text) = self else { return nil }
        return try? Date(text, strategy: .iso8601).timeIntervalSince1970
    }
}
