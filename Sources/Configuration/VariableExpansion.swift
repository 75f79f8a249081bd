// SPDX-License-Identifier: Apache-2.0

/// Puts the values of environment variables in the place of `${NAME}`; `$$` stands for one `$`.
///
/// A `$` in front of anything else is itself, for regular expressions are full of them. What a variable holds is
/// never expanded again.
struct VariableExpansion {
    private let variables: [String: String]?
    private static let longest = 1 << 20

    /// Expands with these variables; without any table texts stand as they are.
    init(of variables: [String: String]?) {
        self.variables = variables
    }

    /// The text with every variable's value in its place.
    ///
    /// - Throws: the first reason why that cannot be, without any variable's value.
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
        guard Self.isName(name) else { throw .notAName(String(name)) }
        guard let value = variables[String(name)] else { throw .missing(String(name)) }
        return value
    }

    private static func isName(_ text: Substring) -> Bool {
        text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}

/// Why a text with variables has no value.
enum ExpansionError: Error, Hashable, CustomStringConvertible {
    /// The environment lacks this variable.
    case missing(String)
    /// Between the braces stands no name of a variable.
    case notAName(String)
    /// The closing brace is missing.
    case unclosed
    /// The values add up to an absurd length.
    case tooLong

    var description: String {
        switch self {
        case .missing(let name):
            "the environment variable \(name) is not set: set it, or write $${\(name)} for the text"
        case .notAName(let text):
            "${\(text)} names no environment variable: write ${NAME}, or $${\(text)} for the text itself"
        case .unclosed: "the brace after $ is never closed: write ${NAME}, or $${ for the text itself"
        case .tooLong: "the values of the environment variables are too long"
        }
    }
}
