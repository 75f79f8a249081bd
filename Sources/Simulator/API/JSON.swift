// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A JSON value whose objects keep the order of their fields.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([(name: String, value: JSON)])
    /// JSON text that is written as it is, for what the other cases cannot hold.
    case raw(String)

    /// This object followed by the fields of another; unchanged where either is no object.
    func with(_ other: JSON) -> JSON {
        guard case .object(let fields) = self, case .object(let more) = other else { return self }
        return .object(fields + more)
    }

    /// The value with each element or field transformed.
    func mapped(_ transform: (JSON) -> JSON) -> JSON {
        switch self {
        case .array(let values): .array(values.map(transform))
        case .object(let fields): .object(fields.map { ($0, transform($1)) })
        default: self
        }
    }

    /// The value with a change at a path of field names; a list on the path stands for each of its elements.
    func editing(_ path: String..., change: (JSON) -> JSON) -> JSON { editing(path[...], change) }

    private func editing(_ path: ArraySlice<String>, _ change: (JSON) -> JSON) -> JSON {
        guard let name = path.first else { return change(self) }
        guard case .object(let fields) = self else {
            if case .array = self { return mapped { $0.editing(path, change) } }
            return self
        }
        return .object(
            fields.map { ($0.name, $0.name == name ? $0.value.editing(path.dropFirst(), change) : $0.value) }
        )
    }

    /// A string, or null for `nil`.
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

extension JSON {
    /// The value as UTF-8 JSON text without whitespace.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .int(let number): bytes += String(number).utf8
        case .number(let number): bytes += String(number).utf8
        case .string(let text): JSON.write(text, to: &bytes)
        case .raw(let text): bytes += text.utf8
        case .array(let values): JSON.write(values, "[", "]", to: &bytes) { $0.write(to: &$1) }
        case .object(let fields):
            JSON.write(fields, "{", "}", to: &bytes) { field, bytes in
                JSON.write(field.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.write(to: &bytes)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item],
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar,
        to bytes: inout [UInt8],
        _ item: (Item, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (index, element) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            item(element, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: isSpecial) {
            for byte in text.utf8 { bytes += isSpecial(byte) ? escape(byte) : [byte] }
        } else {
            bytes += text.utf8
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        guard byte < 0x20 else { return [UInt8(ascii: "\\"), byte] }
        return Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
    }
}

extension JSON {
    /// The strings of a JSON array of strings; `nil` for any other text.
    static func strings(_ text: String) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}
