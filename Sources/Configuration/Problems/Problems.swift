// SPDX-License-Identifier: Apache-2.0

/// Everything wrong in a file, so that it can be put right in one go.
package struct Problems: Error, Sendable, Hashable {
    /// The problems, each once, in the order of the file.
    package let all: [Problem]

    /// Gathers problems.
    package init(_ problems: [Problem]) {
        all = Set(problems).sorted()
    }

    /// One line for each problem: `file:line:column: message`.
    package func lines(in file: String) -> [String] {
        all.map { "\(file):\($0.place): \($0.message)" }
    }
}
