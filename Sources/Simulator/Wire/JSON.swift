// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose objects keep the order of their fields.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([(name: String, value: JSON)])

    /// This object with the fields of another behind its own; itself where either is none.
    func with(_ other: JSON) -> JSON {
        guard case .object(let fields) = self, case .object(let more) = other else { return self }
        return .object(fields + more)
    }

    /// A text, or null.
    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral,
    ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral fields: (String, JSON)...) { self = .object(fields.map { (name: $0, value: $1) }) }

    init(arrayLiteral values: JSON...) { self = .array(values) }

    init(nilLiteral: ()) { self = .null }

    init(stringLiteral text: String) { self = .string(text) }

    init(integerLiteral number: Int) { self = .int(number) }

    init(booleanLiteral flag: Bool) { self = .bool(flag) }
}
