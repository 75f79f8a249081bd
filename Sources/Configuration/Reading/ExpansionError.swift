// SPDX-License-Identifier: Apache-2.0

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
