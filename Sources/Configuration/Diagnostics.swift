// SPDX-License-Identifier: Apache-2.0

/// A place in a file, as editors count: line and column from 1, columns in characters.
package struct SourceLocation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int

    /// Names a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "\(line):\(column)" }

    /// The earlier place is the smaller.
    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension SourceLocation {
    /// Where a file begins.
    package static let start = SourceLocation(line: 1, column: 1)

    /// Where the byte at an offset stands.
    init(ofByte offset: Int, in bytes: [UInt8]) {
        let lines = bytes.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = lines.last.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? 0
        self.init(line: max(1, lines.count), column: column + 1)
    }
}

/// Something wrong in a file: where, what, and what to do about it.
package struct Diagnostic: Error, Sendable, Hashable, Comparable {
    /// Where it stands.
    package let location: SourceLocation
    /// What is wrong and what to do, in one line, without the value of any secret or variable.
    package let message: String

    /// States a problem.
    package init(_ message: String, at location: SourceLocation) {
        self.location = location
        self.message = message
    }

    /// By place, then by message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        (left.location, left.message) < (right.location, right.message)
    }
}

/// Everything wrong in a file, so that it can be put right in one go.
package struct Diagnostics: Error, Sendable, Hashable {
    /// The problems, each once, in the order of the file.
    package let all: [Diagnostic]

    /// Gathers problems.
    package init(_ problems: [Diagnostic]) {
        all = Set(problems).sorted()
    }

    /// One line for each problem: `file:line:column: message`.
    package func lines(in file: String) -> [String] {
        all.map { "\(file):\($0.location): \($0.message)" }
    }
}
