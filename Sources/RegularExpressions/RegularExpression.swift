// SPDX-License-Identifier: Apache-2.0

internal import CPCRE2

/// A regular expression in PCRE2's syntax, compiled once, whose cost per text is bounded.
///
/// PCRE2 backtracks: without bounds a short text can take an expression such as `^(\w+\s?)*$` longer than anybody waits.
///
/// ```swift
/// let expression = try RegularExpression("(?i)test")
/// expression.matches("Latest news")  // true: found anywhere in the text
/// ```
package final class RegularExpression: Sendable {
    package let pattern: String
    /// How logs name it.
    package let description: String
    /// PCRE2's code: matching only reads it, so that any number of threads may share it.
    ///
    /// So says pcre2api(3), "Multithreading". Nobody writes to it between `init` and `deinit`.
    nonisolated(unsafe) private let code: OpaquePointer
    /// The bytes that PCRE2 copies for each position to which it may have to return.
    private let frameSize: Int
    /// The bytes that its classes take.
    private let classLength: Int

    /// Compiles an expression.
    ///
    /// - Parameters:
    ///   - pattern: its text.
    ///   - description: how logs name it, where that is not its text.
    /// - Throws: why it is none.
    package init(_ pattern: String, description: String? = nil) throws(SyntaxError) {
        self.pattern = pattern
        self.description = description ?? pattern
        code = try compiled(pattern)
        var size = 0
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_FRAMESIZE), &size)
        frameSize = size
        classLength = pattern.classLength
    }

    deinit { pcre2_code_free_8(code) }

    /// Whether the expression is found anywhere in a text; `^` and `$` anchor it.
    ///
    /// - Returns: `nil` where `Limits` are reached before it is known.
    package func matches(_ text: String) -> Bool? {
        let limits = Limits(textLength: text.utf8.count, classLength: classLength, frameSize: frameSize)
        guard let attempt = MatchAttempt(limits) else { return nil }
        switch attempt.run(code, on: text) {
        case 0...: return true
        case PCRE2_ERROR_NOMATCH: return false
        default: return nil
        }
    }
}

extension RegularExpression: Hashable, CustomStringConvertible {
    /// Expressions of the same text are equal.
    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.pattern == right.pattern
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
    }
}

extension RegularExpression: Encodable {
    package func encode(to encoder: any Encoder) throws { try pattern.encode(to: encoder) }
}

extension RegularExpression {
    package struct SyntaxError: Error, Hashable, CustomStringConvertible {
        /// The place up to which PCRE2 understood the pattern: how many Unicode scalars stand before it.
        package let offset: Int
        /// What PCRE2 says about it, without any part of the pattern.
        package let reason: String

        package var description: String { "\(reason) at offset \(offset)" }
    }
}

/// Compiles a pattern; the caller frees the result.
///
/// Classes and case follow Unicode, `.` stops at any line end and `$` is the very end of the text. `\C`, which could
/// split a character, is an error. A callout before each item of the pattern counts the steps: see `MatchAttempt`.
private func compiled(_ pattern: String) throws(RegularExpression.SyntaxError) -> OpaquePointer {
    let options =
        PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_AUTO_CALLOUT
    let context = pcre2_compile_context_create_8(nil)
    defer { pcre2_compile_context_free_8(context) }
    // The default is each distribution's own.
    pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANY))
    var (code, offset): (Int32, Int) = (0, 0)
    var text = pattern
    let compiled = text.withUTF8 {
        pcre2_compile_8($0.baseAddress, $0.count, UInt32(options), &code, &offset, context)
    }
    guard let compiled else {
        let understood = String(decoding: pattern.utf8.prefix(offset), as: UTF8.self)
        throw RegularExpression.SyntaxError(offset: understood.unicodeScalars.count, reason: message(code))
    }
    return compiled
}

extension String {
    /// The bytes between brackets, or more where the pattern has brackets of other kinds: `[[:alpha:]\[]` counts whole.
    fileprivate var classLength: Int {
        utf8.split(separator: UInt8(ascii: "["), omittingEmptySubsequences: false).dropFirst()
            .reduce(0) { $0 + $1.distance(from: $1.startIndex, to: $1.lastIndex(of: UInt8(ascii: "]")) ?? $1.endIndex) }
    }
}

/// PCRE2's sentence about an error; the longest has less than 128 bytes.
private func message(_ code: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
    return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(code)"
}
