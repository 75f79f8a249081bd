// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct ConfigDecoderTests {
    private enum Key: String, CaseIterable {
        case text, flag, integer, number, duration, list, mapping, word
    }

    @Test("Every kind of value is read")
    func values() throws {
        let reader = ConfigDecoder(environment: ["NAME": "acme"])
        let fields = try #require(
            reader.root(
                parse(
                    """
                    text: ${NAME}!
                    flag: true
                    integer: 12
                    number: 0.5
                    duration: 1h30m
                    list: [a, "b"]
                    mapping: { flag: false }
                    word: red
                    """
                )
            ).fields(of: Key.self)
        )
        #expect(fields[.text]?.text() == "acme!")
        #expect(fields[.flag]?.flag() == true)
        #expect(fields[.integer]?.integer(in: 1...12) == 12)
        #expect(fields[.number]?.positiveNumber(upTo: 1) == 0.5)
        #expect(fields[.duration]?.duration(in: .zero ... .seconds(5400)) == .seconds(5400))
        #expect(fields[.list]?.list()?.map { $0.text() } == ["a", "b"])
        #expect(fields[.mapping]?.fields(of: Key.self)?[.flag]?.flag() == false)
        #expect(fields[.word]?.word(among: ["red", "green"]) == "red")
        try reader.finish()
    }

    @Test("A key without a value counts as not there")
    func absent() throws {
        let reader = ConfigDecoder(environment: [:])
        let fields = try #require(reader.root(parse("text:\nflag: ~\nlist: null")).fields(of: Key.self))
        #expect(fields[.text] == nil && fields[.flag] == nil && fields[.list] == nil && fields[.word] == nil)
        try reader.finish()
        #expect(fields.required(.text) == nil)
        #expect(throws: Diagnostics([Diagnostic("text is missing", at: .start)])) { try reader.finish() }
    }

    @Test(
        "A value of the wrong kind says what is expected",
        arguments: [
            ("flag: yes", #"1:7: flag: "yes" is not true or false"#),
            ("integer: 1.5", #"1:10: integer: "1.5" is not a whole number from 1 to 12"#),
            ("integer: 13", #"1:10: integer: "13" is not a whole number from 1 to 12"#),
            (
                "integer: 99999999999999999999",
                #"1:10: integer: "99999999999999999999" is not a whole number from 1 to 12"#
            ),
            ("number: 0", #"1:9: number: "0" is not a number above 0, up to 1"#),
            ("number: nan", #"1:9: number: "nan" is not a number above 0, up to 1"#),
            ("number: 0x1p-2", #"1:9: number: "0x1p-2" is not a number above 0, up to 1"#),
            ("duration: 5 minutes", #"1:11: duration: "5 minutes" is not a duration: write it like 30s, 5m or 1h30m"#),
            ("duration: 2h", #"1:11: duration: "2h" is not between 1s and 1h30m"#),
            ("list: a", "1:7: list: write a list here: [one, another]"),
            ("list: [[a], , b: 1]", "1:13: a value is expected here"),
            ("list: [~, [a], {b: 1}]", "1:8: list: a value is missing here",),
            ("mapping: a", "1:10: mapping: write keys and values here: key: value"),
            ("text: [a]", "1:7: text: write one value here, not a list or mapping"),
            ("word: gren", #"1:7: word: "gren" is unknown: did you mean green?"#),
            ("word: blue", #"1:7: word: "blue" is unknown: write one of red, green"#),
            ("txt: a", #"1:1: unknown key "txt": did you mean text?"#),
            (
                "unheard: a",
                #"1:1: unknown key "unheard": known here are text, flag, integer, number, duration, list, mapping, word"#
            ),
            ("[a]", "1:1: the file: write keys and values here: key: value"),
        ]
    )
    func wrong(text: String, expected: String) {
        #expect(problems(text).first == expected)
    }

    @Test("All problems come together, in the order of the file")
    func together() {
        #expect(
            problems("word: blue\nflag: maybe\nlist: [a, \"${X}\"]\nbogus: 1\n").map { $0.prefix(4) } == [
                "1:7:", "2:7:", "3:11", "4:1:",
            ]
        )
    }

    @Test("What a variable holds shows in no message")
    func silence() {
        let environment = ["SECRET": "sesame"]
        let text = """
            text: ["${SECRET}"]
            flag: ${SECRET}
            integer: ${SECRET}
            number: ${SECRET}
            duration: ${SECRET}
            list: ${SECRET}
            mapping: ${SECRET}
            word: ${SECRET}
            """
        let messages = problems(text, environment: environment, words: ["sesam", "red"])
        #expect(messages.count == 8)
        #expect(!messages.contains { $0.contains("sesam") && !$0.contains("write one of sesam, red") })
        #expect(messages.dropFirst().first == #"2:7: flag: "${SECRET}" is not true or false"#)
    }

    /// Reads every field as its name says and returns the problems.
    private func problems(
        _ text: String,
        environment: [String: String] = [:],
        words: [String] = ["red", "green"]
    ) -> [String] {
        let reader = ConfigDecoder(environment: environment)
        do throws(Diagnostics) {
            let fields = reader.root(try parse(text)).fields(of: Key.self)
            _ = fields?[.text]?.text()
            _ = fields?[.flag]?.flag()
            _ = fields?[.integer]?.integer(in: 1...12)
            _ = fields?[.number]?.positiveNumber(upTo: 1)
            _ = fields?[.duration]?.duration(in: .seconds(1) ... .seconds(5400))
            _ = fields?[.list]?.list()?.map { $0.text() }
            _ = fields?[.mapping]?.fields(of: Key.self)
            _ = fields?[.word]?.word(among: words)
            try reader.finish()
            return []
        } catch {
            return error.all.map { "\($0.location): \($0.message)" }
        }
    }
}
