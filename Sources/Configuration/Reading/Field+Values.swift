// SPDX-License-Identifier: Apache-2.0

extension Field {
    /// The value that `parse` makes of the text; where it makes none, the problem says what was expected.
    ///
    /// - Parameters:
    ///   - expected: the end of the sentence: `"yes" is not …`.
    ///   - parse: turns the text into a value.
    /// - Returns: the value, or `nil` after the problem was noted.
    package func value<Value>(_ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text() else { return nil }
        guard let value = parse(text) else {
            complain("\(quoted) is not \(expected)")
            return nil
        }
        return value
    }

    /// `true` or `false`.
    package func flag() -> Bool? {
        value("true or false", Bool.init)
    }

    /// A whole number within a range.
    package func integer(in range: ClosedRange<Int>) -> Int? {
        value("a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A decimal number above zero, up to a limit.
    package func positiveNumber(upTo limit: Int) -> Double? {
        value("a number above 0, up to \(limit)") { text in
            guard text.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }) else { return nil }
            return Double(text).flatMap { $0 > 0 && $0 <= Double(limit) ? $0 : nil }
        }
    }

    /// A duration within a range.
    package func duration(in range: ClosedRange<Duration>) -> Duration? {
        guard let duration = value("a duration: write it like 30s, 5m or 1h30m", { Duration(text: $0) }) else {
            return nil
        }
        guard range.contains(duration) else {
            complain("\(quoted) is not between \(range.lowerBound.text) and \(range.upperBound.text)")
            return nil
        }
        return duration
    }

    /// One of some words.
    package func word(among words: [String]) -> String? {
        guard let text = text() else { return nil }
        guard !words.contains(text) else { return text }
        // A near word is looked for only in what the file shows: a hint must not tell what a variable holds.
        let near = shows(text) ? words.nearest(to: text) : nil
        let hint = near.map { "did you mean \($0)?" } ?? "write one of \(words.joined(separator: ", "))"
        complain("\(quoted) is unknown: \(hint)")
        return nil
    }
}
