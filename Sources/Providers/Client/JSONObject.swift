// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Backfill
internal import Outreach

/// A JSON object read leniently: what is missing, null or garbage is `nil`.
///
/// Paths name fields, with dots into objects inside: `stats.sent`.
struct WireRow {
    private let fields: KeyedDecodingContainer<WireKey>

    init(_ decoder: any Decoder) throws {
        fields = try decoder.container(keyedBy: WireKey.self)
    }

    private init(_ fields: KeyedDecodingContainer<WireKey>) {
        self.fields = fields
    }

    /// The number at a path; also one written as text.
    func number(_ path: String) -> Double? { value(path, as: Scalar.self)?.number }

    /// The whole number at a path.
    func count(_ path: String) -> Int? { number(path).flatMap(Int.init(exactly:)) }

    /// The text at a path; also a number's digits.
    func text(_ path: String) -> String? { value(path, as: Scalar.self)?.text }

    /// The truth value at a path.
    func flag(_ path: String) -> Bool? { value(path, as: Scalar.self)?.flag }

    /// Whether the path leads to anything, be it null.
    func has(_ path: String) -> Bool {
        let (row, key) = resolve(path)
        return row?.contains(key) ?? false
    }

    /// The text that tells this row from others.
    ///
    /// - Throws: `WireProblem` where there is none: a row that cannot be named makes the whole answer doubtful.
    func identity(_ path: String) throws -> String {
        guard let text = text(path), !text.isEmpty else { throw WireProblem(reason: "an entry without \(path)") }
        return text
    }

    /// The day that tells this row from others.
    ///
    /// - Throws: `WireProblem` where there is none.
    func day(_ path: String) throws -> Day {
        guard let day = Day(try identity(path)) else { throw WireProblem(reason: "an entry without a date in \(path)") }
        return day
    }

    /// The value at a path that must be there.
    ///
    /// - Throws: `WireProblem` where it is missing or null, the decoding's error where it is malformed.
    func required<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
        let (row, key) = resolve(path)
        guard let value = try row?.decodeIfPresent(type, forKey: key) else {
            throw WireProblem(reason: "an answer without \(path)")
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
        guard let inner = try? row?.nestedContainer(keyedBy: WireKey.self, forKey: key) else { return nil }
        let object = WireRow(inner)
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
    /// - Throws: `WireProblem` with the error's words, unless the expected content is there.
    func refuseError(unless isContent: Bool) throws {
        guard !isContent, let words = text("message") ?? text("error") else { return }
        throw WireProblem(reason: "an error in place of an answer: \(words)")
    }

    /// The numbers of a table's fields.
    func measures<Measure>(_ table: FieldTable<Measure>) -> Measures<Measure> {
        var measures = Measures<Measure>()
        for field in table.fields {
            let assumed: Double? = table.zeroWhenMissing && !has(field.name) ? 0 : nil
            if let number = value(field.name, as: Scalar.self).flatMap(field.unit.read) ?? assumed {
                measures[field.measure] = number
            }
        }
        return measures
    }

    private func measure(at key: WireKey) -> Double? {
        (try? fields.decode(Scalar.self, forKey: key)).flatMap(FieldUnit.number.read)
    }

    /// The object that a path leads into, and the last name on it.
    private func resolve(_ path: String) -> (KeyedDecodingContainer<WireKey>?, WireKey) {
        var names = path.split(separator: ".").map { WireKey(stringValue: String($0)) }
        let last = names.popLast() ?? WireKey(stringValue: path)
        var row: KeyedDecodingContainer<WireKey>? = fields
        for name in names { row = try? row?.nestedContainer(keyedBy: WireKey.self, forKey: name) }
        return (row, last)
    }
}

/// A type that mirrors a provider's JSON object.
protocol WireObject: Decodable {
    /// Reads the object.
    init(row: WireRow) throws
}

extension WireObject {
    init(from decoder: any Decoder) throws {
        try self.init(row: WireRow(decoder))
    }
}

/// A field's name, known only at run time.
struct WireKey: CodingKey {
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
struct WireProblem: Error, Hashable {
    /// For people; may hold a provider's words, not yet cleaned.
    let reason: String
}

/// A number, text or truth value from the wire, read as whichever of them is needed.
enum Scalar: Decodable, Hashable {
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
