// SPDX-License-Identifier: Apache-2.0

@testable import Configuration
import Configuration
import Testing

@Suite struct YAMLParsingTests {
    @Test("A tree carries the line and column of every key and value")
    func places() throws {
        let tree = try parse("a: 1\nlist:\n  - x\n  - é: [y, \"z\"]\n")
        #expect(
            outline(tree) == [
                "1:1 {}", "1:1 a", "1:4 1", "2:1 list", "3:3 []", "3:5 x", "4:5 {}", "4:5 é", "4:8 []", "4:9 y",
                "4:12 z",
            ]
        )
    }

    @Test(
        "What is valid reads as",
        arguments: [
            ("", "null"), ("# only a comment\n", "null"), ("---\n", "null"), ("~", "null"), ("\"null\"", "'null'"),
            ("a:", "{a: null}"), ("a: ''", "{a: ''}"), ("a: null", "{a: null}"), ("null: 1", "{null: '1'}"),
            ("a: \"x\\ty\\u00e9\"", "{a: 'x\tyé'}"), ("a: \"x\\0y\"", "{a: 'x\0y'}"), ("a: 'it''s'", "{a: 'it's'}"),
            ("a: |\n  one\n  two\n", "{a: 'one\ntwo\n'}"), ("a: >-\n  one\n  two\n", "{a: 'one two'}"),
            ("{a: [1, {b: 2}]}", "{a: ['1', {b: '2'}]}"), ("- 1\n- \n", "['1', null]"),
            ("\u{FEFF}a: 1", "{a: '1'}"), ("a: 1\r\nb: 2\r\n", "{a: '1', b: '2'}"),
            ("%YAML 1.2\n---\na: 1\n...\n", "{a: '1'}"),
            ("a: &x [1]\nb: *x", "{a: ['1'], b: ['1']}"), ("a: &x 1\nb: &x 2\nc: *x", "{a: '1', b: '2', c: '2'}"),
            ("? a\n: 1", "{a: '1'}"), ("\"<<\": 1", "{<<: '1'}"), ("a: 𝛑 👩‍🚀", "{a: '𝛑 👩‍🚀'}"),
        ]
    )
    func valid(text: String, expected: String) throws {
        #expect(try plain(parse(text)) == expected)
    }

    @Test(
        "What is invalid says where, what, and what to do",
        arguments: [
            ("a:\n\tb: 1", "2:1: a tab cannot stand here: indent with spaces"),
            ("a: @x", "1:4: a value cannot start with @: put it in quotes"),
            ("a: `x`", "1:4: a value cannot start with `: put it in quotes"),
            ("a: b: c", "1:5: a ':' cannot stand here: put the value in quotes, or correct the indentation"),
            ("a: 1\nb\n", "3:1: a ':' is missing after the key: write it as key: value"),
            ("a: 1\n b: 2", "2:3: a ':' cannot stand here: put the value in quotes, or correct the indentation"),
            ("  a: 1\n b: 2", "2:2: this does not belong to what stands above: correct the indentation"),
            ("a: 'x' y\n", "1:8: a key is expected here: correct the indentation, or the quotes of the line above"),
            ("a:\n  - 1\n  b: 2", "3:3: a '-' is expected here: indent the items of a list alike"),
            ("a: - 1", "1:4: a list item cannot stand here: start the list on a line of its own"),
            ("a: [1, 2\nb: 3", "2:2: a ',' or ']' is missing in the list that opens at 1:4"),
            ("a: [${X}]", #"1:6: inside of [ ] and { } a variable needs quotes: "${NAME}""#),
            ("{a: x${X}, b: 1}", #"1:7: inside of [ ] and { } a variable needs quotes: "${NAME}""#),
            ("a: {b: 1\nc: 2", "2:2: a ',' or '}' is missing in the mapping that opens at 1:4"),
            ("a: [1, 2", "2:1: a ',' or ']' is missing in the list that opens at 1:4"),
            ("a: \"x\nb: 2", "1:4: this quote is never closed: add the closing quote"),
            ("a: 'x\nb: 2", "1:4: this quote is never closed: add the closing quote"),
            (
                "a: \"\\d+\"",
                "1:5: double quotes do not know this escape: write the backslash twice, or use single quotes"
            ),
            (
                "a: \"\\xZZ\"",
                "1:7: double quotes do not know this escape: write the backslash twice, or use single quotes"
            ),
            ("a: *", "1:5: a value that starts with * or & is an alias or an anchor: put it in quotes"),
            ("a: *x", "1:4: there is no anchor &x above: put a value that starts with * in quotes"),
            ("a: &x [*x]", "1:8: there is no anchor &x above: put a value that starts with * in quotes"),
            ("%x", "1:3: a line that starts with % is a directive: put the value in quotes"),
            ("a: !!str 1", "1:4: the tag tag:yaml.org,2002:str cannot stand here: remove it"),
            ("a: 1\na: 2", "2:1: duplicate key a: it already stands at 1:1"),
            ("{a: 1, b: 2, a: 3}", "1:14: duplicate key a: it already stands at 1:2"),
            ("<<: {a: 1}", "1:1: merge keys (<<) are not supported: write the keys out"),
            ("[a]: 1", "1:1: a key must be text"),
            (": 1", "1:1: a key is expected here: correct the indentation, or the quotes of the line above"),
            ("a: 1\n---\nb: 2", "2:1: a second document starts here: keep one document in a file"),
            ("a: 1\u{7}", "1:5: a control character cannot stand here: remove it"),
            ("é: x\ny: é\u{0}", "2:5: a control character cannot stand here: remove it"),
        ]
    )
    func invalid(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test("Problems that are no syntax errors are all found, in the order of the file")
    func several() {
        #expect(
            problems("a: 1\nb: {c: 1, c: 2}\na: !x 3\n<<: 1\nd: [@") == [
                "2:11: duplicate key c: it already stands at 2:5",
                "3:1: duplicate key a: it already stands at 1:1",
                "3:4: the tag !x cannot stand here: remove it",
                "4:1: merge keys (<<) are not supported: write the keys out",
                "5:5: a value cannot start with @: put it in quotes",
            ]
        )
    }

    @Test(
        "Bytes that are no UTF-8 are refused at their place",
        arguments: [[0xFF], [0xC3], [0xE2, 0x82], [0xC0, 0x80]]
    )
    func encoding(bytes: [UInt8]) {
        #expect(problems(Array("a: 1\nb: ".utf8) + bytes) == ["2:4: this is not UTF-8 text: save the file as UTF-8"])
    }

    @Test("UTF-16 is refused")
    func utf16() {
        #expect(problems([0xFF, 0xFE, 0x61, 0x00]) == ["1:1: this is not UTF-8 text: save the file as UTF-8"])
    }
}

/// The problems of a text, each as `line:column: message`.
private func problems(_ text: String) -> [String] {
    problems(Array(text.utf8))
}

private func problems(_ bytes: [UInt8]) -> [String] {
    do throws(Diagnostics) {
        _ = try YAMLNode(parsing: bytes)
        return []
    } catch {
        return error.all.map { "\($0.location): \($0.message)" }
    }
}

private func outline(_ node: YAMLNode) -> [String] {
    switch node.value {
    case .null: ["\(node.location) null"]
    case .scalar(let text): ["\(node.location) \(text)"]
    case .sequence(let items): ["\(node.location) []"] + items.flatMap(outline)
    case .mapping(let entries):
        ["\(node.location) {}"] + entries.flatMap { ["\($0.keyLocation) \($0.key)"] + outline($0.value) }
    }
}

private func plain(_ node: YAMLNode) -> String {
    switch node.value {
    case .null: "null"
    case .scalar(let text): "'\(text)'"
    case .sequence(let items): "[\(items.map(plain).joined(separator: ", "))]"
    case .mapping(let entries): "{\(entries.map { "\($0.key): \(plain($0.value))" }.joined(separator: ", "))}"
    }
}

@Suite struct YAMLLimitsTests {
    @Test("A file larger than the limit is refused unread")
    func bytes() {
        var limits = YAMLLimits()
        limits.bytes = 8
        #expect(message("a: 12345", limits) == nil)
        #expect(message("a: 123456", limits) == "1:1: the file is larger than 8 bytes")
    }

    @Test("Nesting deeper than the limit is refused, in brackets and in lines")
    func depth() {
        var limits = YAMLLimits()
        limits.depth = 3
        #expect(message("[[1]]", limits) == nil)
        #expect(message("[[[1]]]", limits) == "1:4: the file is nested more than 3 levels deep")
        #expect(message("a:\n b:\n  c: 1", limits) == "3:3: the file is nested more than 3 levels deep")
    }

    @Test("A hundred thousand brackets neither trap nor take long")
    func brackets() {
        #expect(message(String(repeating: "[", count: 100_000)) == "1:33: the file is nested more than 32 levels deep")
        #expect(
            message(String(repeating: "{a: ", count: 100_000)) == "1:126: the file is nested more than 32 levels deep"
        )
        #expect(message(String(repeating: "- ", count: 100_000)) == "1:65: the file is nested more than 32 levels deep")
    }

    @Test("Aliases count as much as what they stand for: a billion laughs are refused")
    func laughs() {
        let lines = (1...20).map { "l\($0): &l\($0) [*l\($0 - 1), *l\($0 - 1), *l\($0 - 1), *l\($0 - 1)]" }
        let bomb = "l0: &l0 ha\n" + lines.joined(separator: "\n")
        #expect(message(bomb)?.hasSuffix("the file holds more than 500000 values, aliases resolved") == true)
    }

    private func message(_ text: String, _ limits: YAMLLimits = YAMLLimits()) -> String? {
        do throws(Diagnostics) {
            _ = try YAMLNode(parsing: Array(text.utf8), limits: limits)
            return nil
        } catch {
            return error.lines(in: "f").first.map { String($0.dropFirst(2)) }
        }
    }
}

/// The tree of a text.
func parse(_ text: String) throws(Diagnostics) -> YAMLNode {
    try YAMLNode(parsing: Array(text.utf8))
}
