// SPDX-License-Identifier: Apache-2.0

/// Replaces `${NAME}` by the value of an environment variable, and `$$` by `$`.
///
/// A `$` before anything else stays, because regular expressions use it. The value of a variable is not expanded
/// again.
struct VariableExpansion {
    private let variables: [String: String]?
    private static let longest = 1 << 20

    /// Expands with these variables; `nil` turns the expansion off.
    init(of variables: [String: String]?) {
        self.variables = variables
    }

    /// The text with all variables expanded.
    ///
    /// - Throws: the first error, without any variable's value.
    func expand(_ text: String) throws(ExpansionError) -> String {
        guard let variables, text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            switch rest.first {
            case "$":
                result += "$"
                rest = rest.dropFirst()
            case "{": result += try value(takenFrom: &rest, variables)
            default: result += "$"
            }
            guard result.utf8.count <= Self.longest else { throw .tooLong }
        }
        return result + rest
    }

    private func value(
        takenFrom rest: inout Substring,
        _ variables: [String: String]
    ) throws(ExpansionError) -> String {
        guard let end = rest.firstIndex(of: "}") else { throw .unclosed }
        let name = rest[..<end].dropFirst()
        rest = rest[end...].dropFirst()
        guard Self.isName(name) else { throw .notAName }
        guard let value = variables[String(name)] else { throw .missing(String(name)) }
        return value
    }

    private static func isName(_ text: Substring) -> Bool {
        text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}

enum ExpansionError: Error, Hashable, CustomStringConvertible {
    case missing(String)
    /// The text between the braces is not the name of a variable. It is not told: it may be a part of a secret.
    case notAName
    case unclosed
    /// The expanded text is longer than 1 MiB.
    case tooLong

    var description: String {
        switch self {
        case .missing(let name):
            "the environment variable \(name) is not set: set it, or write $${\(name)} for the text"
        case .notAName: "${…} names no environment variable here: write ${NAME}, or $${…} for the text itself"
        case .unclosed: "the brace after $ is never closed: write ${NAME}, or $${ for the text itself"
        case .tooLong: "the values of the environment variables are too long"
        }
    }
}
