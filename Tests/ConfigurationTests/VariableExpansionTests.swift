// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct VariableExpansionTests {
    private static let variables = ["A": "1", "_B2": "two", "EMPTY": "", "NESTED": "${A}"]

    @Test(
        "Variables are expanded, once, and only as ${NAME}",
        arguments: [
            ("", ""), ("plain", "plain"), ("${A}", "1"), ("x${A}y${_B2}z", "x1ytwoz"), ("${EMPTY}", ""),
            ("${NESTED}", "${A}"),
            ("$A", "$A"), ("$", "$"), ("100$", "100$"), ("$$", "$"), ("$${A}", "${A}"), ("$$${A}", "$1"),
            ("^a$|^b$", "^a$|^b$"), ("a$$$", "a$$"), ("{A}", "{A}"), ("\u{301}${A}é", "\u{301}1é"),
        ]
    )
    func expands(text: String, expected: String) throws {
        #expect(try VariableExpansion(of: Self.variables).expand(text) == expected)
    }

    @Test(
        "What cannot be expanded says why",
        arguments: [
            ("${C}", ExpansionError.missing("C")), ("${a}", .missing("a")), ("${A} ${C}", .missing("C")),
            ("${A", .unclosed),
            ("${", .unclosed), ("${}", .notAName), ("${A:-x}", .notAName), ("${1}", .notAName),
            ("${A B}", .notAName),
        ]
    )
    func refuses(text: String, error: ExpansionError) {
        #expect(throws: error) { try VariableExpansion(of: Self.variables).expand(text) }
    }

    @Test("The reasons say what to do")
    func reasons() {
        #expect(
            "\(ExpansionError.missing("C"))"
                == "the environment variable C is not set: set it, or write $${C} for the text"
        )
        #expect(
            "\(ExpansionError.notAName)"
                == "${…} names no environment variable here: write ${NAME}, or $${…} for the text itself"
        )
        #expect(
            "\(ExpansionError.unclosed)"
                == "the brace after $ is never closed: write ${NAME}, or $${ for the text itself"
        )
    }

    @Test("Values that add up to megabytes are refused")
    func tooLong() {
        let text = String(repeating: "${A}", count: 100_000)
        let expansion = VariableExpansion(of: ["A": String(repeating: "x", count: 100_000)])
        #expect(throws: ExpansionError.tooLong) { try expansion.expand(text) }
    }
}
