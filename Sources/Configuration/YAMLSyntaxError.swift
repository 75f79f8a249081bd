// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// A syntax error as libyaml reports it.
struct YAMLSyntaxError: Error {
    /// The message: `did not find expected key`.
    let problem: String
    let location: SourceLocation
    /// The offset in characters; `nil` where only the byte is known.
    let index: Int?
    /// The offset in bytes, for bytes that are not UTF-8.
    let byte: Int
    /// The construct being parsed: `while parsing a block mapping`.
    let context: String
    let contextLocation: SourceLocation

    init(_ parser: yaml_parser_t) {
        problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
        location = SourceLocation(parser.problem_mark)
        index = parser.error == YAML_READER_ERROR ? nil : parser.problem_mark.index
        byte = parser.problem_offset
        context = parser.context.map { String(cString: $0) } ?? ""
        contextLocation = SourceLocation(parser.context_mark)
    }
}

extension YAMLSyntaxError {
    /// The error in plain words, with advice.
    ///
    /// - Parameter bytes: the file that was read.
    /// - Returns: the diagnostic.
    func explained(in bytes: [UInt8]) -> Diagnostic {
        guard let index else { return explainedEncoding(in: bytes) }
        let characters = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let character = characters.dropFirst(index).first
        switch problem {
        case _ where characters.dropFirst(max(0, index - 1)).starts(with: "${".unicodeScalars):
            return Diagnostic("inside of [ ] and { } a variable needs quotes: \"${NAME}\"", at: location)
        case "found unexpected end of stream" where context.contains("quoted"):
            return Diagnostic("this quote is never closed: add the closing quote", at: contextLocation)
        case "did not find expected ',' or ']'":
            return Diagnostic("a ',' or ']' is missing in the list that opens at \(contextLocation)", at: location)
        case "did not find expected ',' or '}'":
            return Diagnostic("a ',' or '}' is missing in the mapping that opens at \(contextLocation)", at: location)
        case _ where character == "\t":
            return Diagnostic("a tab cannot stand here: indent with spaces", at: location)
        case "found character that cannot start any token":
            let sign = character.map { " with \($0)" } ?? " here"
            return Diagnostic("a value cannot start\(sign): put it in quotes", at: location)
        default:
            return Diagnostic(Self.advice[problem] ?? unexplained, at: location)
        }
    }

    private func explainedEncoding(in bytes: [UInt8]) -> Diagnostic {
        let what =
            problem == "control characters are not allowed"
            ? "a control character cannot stand here: remove it"
            : "this is not UTF-8 text: save the file as UTF-8"
        return Diagnostic(what, at: SourceLocation(ofByte: byte, in: bytes))
    }

    private var unexplained: String {
        context.isEmpty ? problem : "\(problem) \(context)"
    }

    private static let advice = [
        "mapping values are not allowed in this context":
            "a ':' cannot stand here: put the value in quotes, or correct the indentation",
        "could not find expected ':'":
            "a ':' is missing after the key: write it as key: value",
        "did not find expected key":
            "a key is expected here: correct the indentation, or the quotes of the line above",
        "did not find expected '-' indicator":
            "a '-' is expected here: indent the items of a list alike",
        "did not find expected node content":
            "a value is expected here",
        "did not find expected <document start>":
            "this does not belong to what stands above: correct the indentation",
        "found unknown escape character":
            "double quotes do not know this escape: write the backslash twice, or use single quotes",
        "did not find expected hexdecimal number":
            "double quotes do not know this escape: write the backslash twice, or use single quotes",
        "did not find expected alphabetic or numeric character":
            "a value that starts with * or & is an alias or an anchor: put it in quotes",
        "block sequence entries are not allowed in this context":
            "a list item cannot stand here: start the list on a line of its own",
        "mapping keys are not allowed in this context":
            "a key cannot stand here: correct the indentation",
        "could not find expected directive name":
            "a line that starts with % is a directive: put the value in quotes",
        "found unknown directive name":
            "a line that starts with % is a directive: put the value in quotes",
    ]
}
