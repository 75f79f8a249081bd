// SPDX-License-Identifier: Apache-2.0

import Configuration
import TestSupport
import Testing

/// Inputs that nobody wrote: the parser may refuse them, and must not trap.
@Suite struct YAMLFuzzTests {
    private static let pieces = [
        "a", "b: ", ":", "- ", "\n", "\n  ", "\n\t", "[", "]", "{", "}", ",", "\"", "'", "&x ", "*x", "!t ", "|", ">",
        "#",
        "%", "---\n", "...\n", "? ", "<<", "\\", "\\u12", "é", "\u{FEFF}", "\u{2028}", "\u{0}", "\r", "~", "${A}", " ",
    ]

    @Test("Random rows of YAML's own signs are read or refused with places inside the text", arguments: 0..<8)
    func signs(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0...40, using: &random)
            let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
            check(Array(text.utf8))
        }
    }

    @Test("A good file with some bytes changed, dropped or doubled is read or refused", arguments: 0..<8)
    func mutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let good = Array("accounts:\n  - name: &a acme\n    key: \"${K}\" # x\n    list: [1, 'b', {c: *a}]\n".utf8)
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = .random(in: 0...255, using: &random)
                case 1 where bytes.count > 1: bytes.remove(at: position)
                default: bytes.insert(bytes[position], at: position)
                }
            }
            check(bytes)
        }
    }

    private func check(_ bytes: [UInt8]) {
        do throws(Diagnostics) {
            _ = try YAMLNode(parsing: bytes)
        } catch {
            // The end of a file counts as a line of its own, with or without a line break in front of it.
            let lines = bytes.count { [0x0A, 0x0D, 0xA8, 0xA9, 0x85].contains($0) } + 2
            #expect(!error.all.isEmpty)
            #expect(error.all.allSatisfy { 1...lines ~= $0.location.line && 1...bytes.count + 1 ~= $0.location.column })
        }
    }
}
