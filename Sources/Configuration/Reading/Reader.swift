// SPDX-License-Identifier: Apache-2.0

/// Reads typed values out of a file's tree and keeps count of everything wrong on the way.
///
/// Reading goes on after a problem, so that all of them can be shown at once; `finish` throws them.
package final class Reader {
    /// Puts the variables' values into a text.
    let expansion: Expansion
    private var problems: [Problem] = []

    /// Prepares to read.
    ///
    /// - Parameter environment: the variables that `${NAME}` stands for; `nil` leaves every text as it is.
    package init(environment: [String: String]?) {
        expansion = Expansion(of: environment)
    }

    /// The file with this content as a field, duplicate keys and the like noted.
    ///
    /// - Throws: a syntax error, behind which nothing can be read.
    package func root(parsing content: [UInt8]) throws(Problems) -> Field {
        root(try YAMLNode(parsing: content, limits: YAMLLimits(), noting: &problems))
    }

    /// The file as a field; an empty file is a mapping without keys.
    package func root(_ node: YAMLNode) -> Field {
        let node = node.value == .null ? YAMLNode(.mapping([]), at: node.place) : node
        return Field(name: "the file", keyPlace: node.place, node: node, reader: self)
    }

    /// Notes a problem.
    package func complain(_ message: String, at place: Place) {
        problems.append(Problem(message, at: place))
    }

    /// Ends the reading.
    ///
    /// - Throws: every problem found.
    package func finish() throws(Problems) {
        guard problems.isEmpty else { throw Problems(problems) }
    }
}
