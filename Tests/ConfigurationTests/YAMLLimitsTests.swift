// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

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
