// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends `name="value"`, behind a comma unless it is the first.
    mutating func appendLabel(_ name: String, _ value: String, isFirst: Bool) {
        if !isFirst { append(UInt8(ascii: ",")) }
        append(contentsOf: name.utf8)
        append(contentsOf: "=\"".utf8)
        appendEscaped(value, quotes: true)
        append(UInt8(ascii: "\""))
    }

    /// Appends a text with backslashes, newlines and, where they would end it, quotes escaped.
    ///
    /// NUL, which no format can escape and which ends Prometheus's parser, becomes U+FFFD.
    mutating func appendEscaped(_ text: String, quotes: Bool) {
        guard text.needsEscapes else { return append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where quotes: append(contentsOf: #"\""#.utf8)
            case 0: append(contentsOf: "\u{FFFD}".utf8)
            default: append(byte)
            }
        }
    }
}

extension String {
    fileprivate var needsEscapes: Bool {
        let bytes = utf8Span.span
        for index in bytes.indices where bytes[index].isEscaped { return true }
        return false
    }
}

extension UInt8 {
    fileprivate var isEscaped: Bool {
        self == UInt8(ascii: "\\") || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\n") || self == 0
    }
}

extension String {
    /// The text as a label value shows it: two texts are the same label value where these are equal.
    package var labelValue: String {
        utf8.contains(0) ? String(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : Character($0) }) : self
    }
}
