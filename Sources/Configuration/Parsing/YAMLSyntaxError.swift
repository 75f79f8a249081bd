// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// Why libyaml cannot go on, in its own words.
struct YAMLSyntaxError: Error {
    /// What is wrong: `did not find expected key`.
    let problem: String
    /// Where, in lines and columns.
    let place: Place
    /// Where, in characters from the start; `nil` where only the byte is known.
    let index: Int?
    /// Where, in bytes from the start, if the bytes are no text.
    let byte: Int
    /// What was being read: `while parsing a block mapping`.
    let context: String
    /// Where that began.
    let contextPlace: Place

    /// Copies the parser's complaint.
    init(_ parser: yaml_parser_t) {
        problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
        place = Place(parser.problem_mark)
        index = parser.error == YAML_READER_ERROR ? nil : parser.problem_mark.index
        byte = parser.problem_offset
        context = parser.context.map { String(cString: $0) } ?? ""
        contextPlace = Place(parser.context_mark)
    }
}
