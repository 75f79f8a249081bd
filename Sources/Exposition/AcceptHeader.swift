// SPDX-License-Identifier: Apache-2.0

/// A header field that lists values with parameters and weights, `Accept` or `Accept-Encoding` (RFC 9110 §12.5).
struct AcceptHeader {
    struct Element {
        /// The media range or coding, in lower case.
        let value: String
        /// The parameter `q`, 0 to 1, by default 1 (RFC 9110 §12.4.2).
        let weight: Double
        private let parameters: [(name: String, value: String)]

        /// The parameter's value; the first, because some clients repeat a parameter.
        subscript(name: String) -> String? {
            parameters.first { $0.name == name }?.value
        }
    }

    /// The well-formed elements in order; malformed ones are ignored.
    let elements: [Element]

    init(_ field: String) {
        elements = field.utf8[...].split(outsideQuotes: ",").compactMap(Element.init)
    }
}

extension AcceptHeader.Element {
    fileprivate init?(_ text: Substring.UTF8View) {
        let parts = text.split(outsideQuotes: ";")
        value = String(Substring(parts[0].trimmed)).lowercased()
        parameters = parts.dropFirst().map { part in
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (String(Substring(pair[0].trimmed)).lowercased(), pair.count == 2 ? pair[1].trimmed.unquoted : "")
        }
        guard !value.isEmpty, let weight = Self.weight(parameters.first { $0.name == "q" }?.value) else { return nil }
        self.weight = weight
    }

    /// Parses a weight; `nil` if it is malformed or out of range.
    private static func weight(_ text: String?) -> Double? {
        guard let text else { return 1 }
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }) else { return nil }
        return Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
    }
}

extension Substring.UTF8View {
    /// Splits at separators that are not in a quoted string (RFC 9110 §5.6.4).
    fileprivate func split(outsideQuotes separator: Unicode.Scalar) -> [Substring.UTF8View] {
        var quoted = false
        var escaped = false
        return split(omittingEmptySubsequences: false) { byte in
            if escaped {
                escaped = false
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            } else if quoted {
                escaped = byte == UInt8(ascii: "\\")
            } else {
                return byte == UInt8(ascii: separator)
            }
            return false
        }
    }

    fileprivate var trimmed: Substring.UTF8View {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let head = drop(while: isSpace)
        guard let last = head.lastIndex(where: { !isSpace($0) }) else { return head[..<head.startIndex] }
        return head[...last]
    }

    /// The content of a quoted string, or the token itself.
    fileprivate var unquoted: String {
        guard count >= 2, first == UInt8(ascii: "\""), last == UInt8(ascii: "\"") else {
            return String(Substring(self))
        }
        var escaped = false
        let bytes = dropFirst().dropLast().filter { byte in
            escaped = byte == UInt8(ascii: "\\") && !escaped
            return !escaped
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
