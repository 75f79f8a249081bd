// SPDX-License-Identifier: Apache-2.0

/// A location in a file: line and column from 1, columns in characters.
package struct SourceLocation: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int

    package var description: String { "\(line):\(column)" }

    /// Orders by line, then by column.
    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension SourceLocation {
    package static let start = SourceLocation(line: 1, column: 1)

    /// The location of a byte, given by its offset.
    init(ofByte offset: Int, in bytes: [UInt8]) {
        let lines = bytes.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = lines.last.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? 0
        self.init(line: max(1, lines.count), column: column + 1)
    }
}

/// An error in a file: its location and a message that says what to do.
package struct Diagnostic: Error, Sendable, Hashable, Comparable {
    package let location: SourceLocation
    /// One line without the value of any secret or variable.
    package let message: String

    package init(_ message: String, at location: SourceLocation) {
        self.location = location
        self.message = message
    }

    /// Orders by location, then by message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        (left.location, left.message) < (right.location, right.message)
    }
}

package struct Diagnostics: Error, Sendable, Hashable {
    /// The diagnostics without duplicates, in the order of the file.
    package let all: [Diagnostic]

    /// Sorts diagnostics and removes duplicates.
    package init(_ problems: [Diagnostic]) {
        all = Set(problems).sorted()
    }

    /// One line for each diagnostic: `file:line:column: message`.
    package func lines(in file: String) -> [String] {
        all.map { "\(file):\($0.location): \($0.message)" }
    }
}
