// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import RegularExpressions

@Suite struct RegularExpressionTests {
    @Test(
        "An expression is found anywhere in a text, unless it is anchored",
        arguments: [
            ("test", "Latest news", true), ("^test", "Latest news", false), ("news$", "Latest news", true),
            ("news$", "news\n", false), ("^Q[1-4] ", "Q3 EMEA", true), ("(?i)TEST", "a test", true),
            ("TEST", "a test", false), ("a|b", "xb", true), ("", "", true), ("^$", "x", false), ("(a)\\1", "baa", true),
            ("a.b", "a\nb", false), ("a.b", "a\rb", false), ("a.b", "a\u{2028}b", false), ("(?s)a.b", "a\nb", true),
        ]
    )
    func search(pattern: String, text: String, isFound: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == isFound)
    }

    @Test(
        "Letters, digits, spaces and case are Unicode's, and a character is a Unicode scalar",
        arguments: [
            ("^\\w+$", "Büro", true), ("\\bü", "ü", true), ("^\\d$", "٣", true), ("^\\s$", "\u{A0}", true),
            ("(?i)É", "é", true), ("^[[:alpha:]]$", "ж", true), ("\\p{Greek}", "λόγος", true), ("^.$", "😀", true),
            ("^.$", "e\u{301}", false), ("^..$", "e\u{301}", true), ("^\\X$", "e\u{301}", true),
        ]
    )
    func unicode(pattern: String, text: String, isFound: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == isFound)
    }

    @Test(
        "What is no expression is refused with its place and the reason",
        arguments: [
            ("(", 1, "missing closing parenthesis"), ("[a", 2, "missing terminating ] for character class"),
            ("é(", 2, "missing closing parenthesis"), ("*a", 0, "quantifier does not follow a repeatable item"),
            ("a\\Cb", 3, "using \\C is disabled by the application"),
            ("\\1", 1, "reference to non-existent subpattern"),
        ]
    )
    func refusal(pattern: String, offset: Int, reason: String) {
        #expect(throws: RegularExpression.SyntaxError(offset: offset, reason: reason)) {
            _ = try RegularExpression(pattern)
        }
    }

    @Test("Expressions of the same text are equal, whatever they are called")
    func equality() throws {
        let (one, other) = (try RegularExpression("a", description: "${A}"), try RegularExpression("a"))
        #expect(try one == other && Set([one, other]).count == 1 && one != RegularExpression("b"))
        #expect("\(one) \(other)" == "${A} a")
    }

    @Test("Tasks share an expression")
    func sharing() async throws {
        let expression = try RegularExpression("(?i)(test|demo) [0-9]+$")
        let counts = await withTaskGroup { group in
            for number in 0..<8 {
                group.addTask { (0..<500).count { expression.matches("Test \($0)\(number)") == true } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [Int](repeating: 500, count: 8))
    }
}

@Suite struct RegularExpressionLimitTests {
    /// An ordinary name whose last character has `^(\w+\s?)*$` try every division of the ones before.
    private static let ordinary = "Outreach to founders in Berlin and Munich 2024!"

    @Test(
        "Whatever would take too long is undecided",
        arguments: [
            ("^(\\w+\\s?)*$", ordinary), ("(a+)+$", String(repeating: "a", count: 60) + "!"),
            ("((((\\w*)*)*)*)*[xy]", String(repeating: "a", count: 60)),
            ("(?=.*.*.*[yz])", String(repeating: "a", count: 1000)),
            ("(\\w(?1)?){3}[xy]", String(repeating: "a", count: 60)),
            ("\\w+[-_]", String(repeating: "a", count: 100_000)), ("(?R)?\\w[xy]", "aaa"),
            ("a{900,}(\\w+)+[xy]", String(repeating: "a", count: 1000)),
        ]
    )
    func undecided(pattern: String, text: String) throws {
        #expect(try RegularExpression(pattern).matches(text) == nil)
    }

    @Test(
        "What people write is decided, on the longest names that people give",
        arguments: [
            (".*test.*", String(repeating: "name and ", count: 28)), ("(?i)test|demo|intern", ordinary),
            ("^.*(test|demo).*$", String(repeating: "name and ", count: 28)),
            ("\\b(test|demo)\\b", String(repeating: "detested ", count: 28)),
            (".*test.*", String(repeating: "abcdefghi ", count: 10_000)),
            ("(?i)\\b(" + (0..<50).map { "team\($0)" }.joined(separator: "|") + ")\\b", ordinary),
        ]
    )
    func decided(pattern: String, text: String) throws {
        #expect(try RegularExpression(pattern).matches(text) == false)
    }

    @Test("The longer the text, the classes or what is copied at each step, the fewer steps")
    func work() {
        #expect(RegularExpression.Limits(textLength: 0).steps == 16_384)
        #expect(RegularExpression.Limits(textLength: 32, classLength: 15, frameSize: 512).steps == 16_384)
        #expect(RegularExpression.Limits(textLength: 1024).steps == 512)
        #expect(RegularExpression.Limits(textLength: 1024, classLength: 48).steps == 128)
        #expect(RegularExpression.Limits(textLength: 32, frameSize: 16 << 10).steps == 512)
        #expect(RegularExpression.Limits(textLength: 16 << 20).steps == 0)
    }

    @Test("Long classes and many groups make each step dearer, so that there are fewer")
    func weight() throws {
        let (classes, groups) = (String(repeating: "\\p{Greek}", count: 900), String(repeating: "(x)", count: 1000))
        let text = String(repeating: Self.ordinary, count: 5)
        #expect(try RegularExpression("Q(x)|\\w+[-_]").matches(text) == false)
        #expect(try RegularExpression("Q(x)|\\w+[-_\(classes)]").matches(text) == nil)
        #expect(try RegularExpression("Q\(groups)|\\w+[-_]").matches(text) == nil)
    }
}
