// SPDX-License-Identifier: Apache-2.0

/// A place in a file, as editors count: line and column from 1, columns in characters.
package struct Place: Sendable, Hashable, Comparable, CustomStringConvertible {
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
    package static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension Place {
    /// Where a file begins.
    package static let start = Place(line: 1, column: 1)

    /// Where the byte at an offset stands.
    init(ofByte offset: Int, in bytes: [UInt8]) {
        let lines = bytes.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let column = lines.last.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? 0
        self.init(line: max(1, lines.count), column: column + 1)
    }
}
