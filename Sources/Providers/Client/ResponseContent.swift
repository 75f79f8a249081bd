// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// What a response's body is, by its bytes: providers label text and web pages as JSON.
enum ResponseContent: Hashable, Sendable {
    /// JSON, possibly malformed.
    case json
    /// Nothing but white space.
    case empty
    /// HTML or XML.
    case webPage
    case text

    init(_ body: [UInt8]) {
        let blanks = Set(" \t\r\n\u{FEFF}".utf8)
        let text = body.drop(while: blanks.contains)
        self =
            switch text.first {
            case nil: .empty
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): .json
            case UInt8(ascii: "<"): .webPage
            case _ where Self.isScalar(text.prefix(32)): .json
            default: .text
            }
    }

    /// Whether it is neither JSON nor nothing.
    var isForeign: Bool { self == .webPage || self == .text }

    private static func isScalar(_ text: ArraySlice<UInt8>) -> Bool {
        let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 1 && (["null", "true", "false"].contains(words[0]) || Double(words[0]) != nil)
    }
}

/// The body of a response in a form that `JSONDecoder` accepts.
struct JSONText {
    private var bytes: [UInt8]

    /// Replaces what would invalidate the whole document by U+FFFD, invalid UTF-8 and lone surrogates, and nothing at all
    /// by `null`.
    init(_ body: [UInt8]) {
        // A valid text, which may be large, is not copied.
        let isValid = (try? UTF8Span(validating: body.span)) != nil
        bytes = isValid ? body : Array(String(decoding: body, as: UTF8.self).utf8)
        replaceLoneSurrogates()
        if ResponseContent(bytes) == .empty { bytes = Array("null".utf8) }
    }

    var data: Data { Data(bytes) }

    private mutating func replaceLoneSurrogates() {
        var index = 0
        while let escape = bytes[index...].firstIndex(of: UInt8(ascii: "\\")) {
            guard let unit = codeUnit(at: escape) else {
                index = min(escape + 2, bytes.count)
                continue
            }
            let isLead = UTF16.isLeadSurrogate(unit)
            if isLead, let trail = codeUnit(at: escape + 6), UTF16.isTrailSurrogate(trail) {
                index = escape + 12
            } else {
                if isLead || UTF16.isTrailSurrogate(unit) {
                    bytes.replaceSubrange(escape + 2..<escape + 6, with: "fffd".utf8)
                }
                index = escape + 6
            }
        }
    }

    /// The code unit of an escape `\uDXXX`, which surrogates are; `nil` for anything else.
    private func codeUnit(at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
            bytes[index + 2] | 0x20 == UInt8(ascii: "d")
        else { return nil }
        return UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16)
    }
}

/// Counts the values of a JSON text without decoding it: a decoder takes up to 250 bytes for each of them.
struct JSONValueCount {
    /// The most values and names of an object's fields in one body.
    ///
    /// The largest honest body is Instantly's analytics of all campaigns in one response, 45 for each: this is room for
    /// 13,000 campaigns.
    static let limit = 600_000

    /// Whether the text has more values and names than the limit.
    let isExceeded: Bool

    /// Counts commas, colons and opening brackets outside of strings, until the limit is exceeded.
    init(_ body: [UInt8], limit: Int = Self.limit) {
        guard body.count > limit else {
            isExceeded = false
            return
        }
        isExceeded = Self.count(body.span, upTo: limit) > limit
    }

    private static func count(_ body: Span<UInt8>, upTo limit: Int) -> Int {
        var count = 1
        var isInString = false
        var index = 0
        while index < body.count, count <= limit {
            switch body[index] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"):
                if !isInString { count += 1 }
            default: break
            }
            index += 1
        }
        return count
    }
}
