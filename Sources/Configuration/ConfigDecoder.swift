// SPDX-License-Identifier: Apache-2.0

/// A value with its key: each method returns a typed value, or records a diagnostic and returns `nil`.
package struct ConfigValue {
    /// The key; for an item of a list, the list's key.
    package let name: String
    /// The location of the key; for an item of a list, of the item.
    package let keyLocation: SourceLocation
    package let node: YAMLNode
    /// Takes the diagnostics.
    let reader: ConfigDecoder

    package func diagnose(_ message: String) {
        reader.diagnose("\(name): \(message)", at: node.location)
    }

    /// The text with variables expanded; `nil` without a diagnostic for a variable that may be missing.
    package func text() -> String? {
        guard case .scalar(let text) = node.value else {
            diagnose(node.value == .null ? "a value is missing here" : "write one value here, not a list or mapping")
            return nil
        }
        do throws(ExpansionError) {
            return try reader.expansion.expand(text)
        } catch {
            if case .missing = error, reader.toleratesMissingSecrets { return nil }
            diagnose("\(error)")
            return nil
        }
    }

    /// Records that the file named here cannot be read, unless it may be missing.
    ///
    /// - Parameters:
    ///   - error: why it cannot be read.
    ///   - path: the path, which the diagnostic shows only if the configuration shows it.
    package func diagnose(_ error: FileError, of path: String) {
        if reader.toleratesMissingSecrets { return }
        diagnose(shows(path) ? "\(error)" : "cannot read the file: \(error.reason)")
    }

    /// The text of the file, quoted and without expansion: no message shows the value of a variable.
    package var quoted: String {
        guard case .scalar(let text) = node.value else { return "the value" }
        return text.quoted
    }

    /// Whether the file contains this text literally, so that a message may show it.
    package func shows(_ text: String) -> Bool {
        node.value == .scalar(text)
    }

    package func list() -> [ConfigValue]? {
        guard case .sequence(let items) = node.value else {
            diagnose("write a list here: [one, another]")
            return nil
        }
        return items.map { ConfigValue(name: name, keyLocation: $0.location, node: $0, reader: reader) }
    }

    /// The entries of a mapping with any keys; those without a value are left out.
    package func entries() -> [ConfigValue]? {
        guard case .mapping(let entries) = node.value else {
            diagnose("write keys and values here: key: value")
            return nil
        }
        return entries.filter { $0.value.value != .null }
            .map { ConfigValue(name: $0.key, keyLocation: $0.keyLocation, node: $0.value, reader: reader) }
    }

    /// The fields of a mapping with known keys; records a diagnostic for every other key.
    ///
    /// - Parameters:
    ///   - keys: the keys known at compile time.
    ///   - more: keys known only at run time.
    /// - Returns: the fields; `nil`, with a diagnostic, where this is not a mapping.
    package func fields<Key>(of keys: Key.Type, and more: [String] = []) -> ConfigMapping<Key>? {
        entries().map { ConfigMapping($0, and: more, at: node.location, reader: reader) }
    }

    /// Records a diagnostic at each key below this value that has none, or an empty mapping.
    package func diagnoseMissingValues() {
        guard case .mapping(let entries) = node.value else { return }
        for entry in entries {
            let field = ConfigValue(name: entry.key, keyLocation: entry.keyLocation, node: entry.value, reader: reader)
            if entry.value.value == .null || entry.value.value == .mapping([]) {
                field.diagnose("it has no value: give it one, or remove the key")
            }
            field.diagnoseMissingValues()
        }
    }

    /// Records that the key is unknown, with the nearest known one.
    package func diagnoseUnknownKey(among known: [String]) {
        let near = known.nearest(to: name).map { "did you mean \($0)?" }
        let hint = near ?? "known here are \(known.joined(separator: ", "))"
        reader.diagnose("unknown key \(name.quoted): \(hint)", at: keyLocation)
    }
}

/// The fields of a mapping with known keys.
package struct ConfigMapping<Key: RawRepresentable<String> & CaseIterable> {
    private let fields: [String: ConfigValue]
    private let location: SourceLocation
    private let reader: ConfigDecoder

    /// Takes the known fields and records the unknown ones.
    init(_ entries: [ConfigValue], and more: [String], at location: SourceLocation, reader: ConfigDecoder) {
        let known = Key.allCases.map(\.rawValue) + more
        for field in entries where !known.contains(field.name) {
            field.diagnoseUnknownKey(among: known)
        }
        fields = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
        self.location = location
        self.reader = reader
    }

    /// A field, if it has a value.
    package subscript(key: Key) -> ConfigValue? {
        fields[key.rawValue]
    }

    /// A field whose key is known only at run time, if it has a value.
    package subscript(key: String) -> ConfigValue? {
        fields[key]
    }

    /// A field that must have a value; records a diagnostic where it has none.
    package func required(_ key: Key) -> ConfigValue? {
        if fields[key.rawValue] == nil {
            diagnose("\(key.rawValue) is missing")
        }
        return fields[key.rawValue]
    }

    package func diagnose(_ message: String) {
        reader.diagnose(message, at: location)
    }
}

extension ConfigValue {
    /// The value that `parse` makes of the text; where it returns `nil`, the diagnostic says what was expected.
    ///
    /// - Parameters:
    ///   - expected: the end of the sentence: `"yes" is not …`.
    ///   - parse: turns the text into a value.
    /// - Returns: the value; `nil` with a diagnostic.
    package func value<Value>(_ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text() else { return nil }
        guard let value = parse(text) else {
            diagnose("\(quoted) is not \(expected)")
            return nil
        }
        return value
    }

    /// A text that fits and has no control characters and no spaces around.
    ///
    /// - Parameters:
    ///   - rule: the end of the sentence: `"a/b" cannot …`.
    ///   - fits: whether the text keeps the rest of the rule.
    /// - Returns: the text; `nil` with a diagnostic.
    package func trimmedText(_ rule: String, where fits: (String) -> Bool) -> String? {
        guard let text = text() else { return nil }
        let isClean =
            text.first?.isWhitespace == false && text.last?.isWhitespace == false
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isClean, fits(text) else {
            diagnose("\(quoted) \(rule)")
            return nil
        }
        return text
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
            diagnose("\(quoted) is not between \(range.lowerBound.text) and \(range.upperBound.text)")
            return nil
        }
        return duration
    }

    /// One of some words; else the diagnostic names the nearest one.
    package func word(among words: [String]) -> String? {
        guard let text = text() else { return nil }
        guard !words.contains(text) else { return text }
        // A near word is looked for only in what the file shows: a hint must not tell what a variable holds.
        let near = shows(text) ? words.nearest(to: text) : nil
        let hint = near.map { "did you mean \($0)?" } ?? "write one of \(words.joined(separator: ", "))"
        diagnose("\(quoted) is unknown: \(hint)")
        return nil
    }
}

/// Decodes typed values of a file and collects the diagnostics.
///
/// Decoding continues after an error, so that all of them are shown at once; `finish` throws them.
package final class ConfigDecoder {
    /// Expands variables in texts.
    let expansion: VariableExpansion
    /// Whether variables may be missing, and files that the configuration names; what is there is checked all the same.
    let toleratesMissingSecrets: Bool
    private var problems: [Diagnostic] = []

    /// Makes a decoder without diagnostics.
    ///
    /// - Parameters:
    ///   - environment: the variables of `${NAME}`; `nil` turns the expansion off.
    ///   - toleratesMissingSecrets: whether variables and named files may be missing.
    package init(environment: [String: String]?, toleratesMissingSecrets: Bool = false) {
        expansion = VariableExpansion(of: environment)
        self.toleratesMissingSecrets = toleratesMissingSecrets
    }

    /// Parses a file; records duplicate keys, tags and merge keys.
    ///
    /// - Throws: a syntax error, after which nothing can be read.
    package func root(parsing content: [UInt8]) throws(Diagnostics) -> ConfigValue {
        root(try YAMLNode(parsing: content, limits: YAMLLimits(), noting: &problems))
    }

    /// The root value of a parsed file; an empty file is a mapping without keys.
    package func root(_ node: YAMLNode) -> ConfigValue {
        let node = node.value == .null ? YAMLNode(.mapping([]), at: node.location) : node
        return ConfigValue(name: "the file", keyLocation: node.location, node: node, reader: self)
    }

    package func diagnose(_ message: String, at location: SourceLocation) {
        problems.append(Diagnostic(message, at: location))
    }

    /// Ends the decoding.
    ///
    /// - Throws: all diagnostics.
    package func finish() throws(Diagnostics) {
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }
}
