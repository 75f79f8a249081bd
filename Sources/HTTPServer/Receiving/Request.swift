// SPDX-License-Identifier: Apache-2.0

/// A request as the handler sees it: head only, with a small body where one was sent.
package struct Request: Sendable {
    /// The method as sent, in capitals: `GET`.
    package let method: String
    /// The path without query, percent-decoded.
    package let path: String
    /// The query's names and values in the order sent, percent-decoded.
    package let query: [(name: String, value: String)]
    /// Header fields in the order sent; names in lower case.
    package let headers: [(name: String, value: String)]
    /// The body; empty where none was sent.
    package let body: [UInt8]

    /// Describes a request.
    package init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// All values of a header field joined by commas, as RFC 9110 §5.3 has it; `nil` if the field is absent.
    package func header(_ name: String) -> String? {
        let values = headers.lazy.filter { $0.name == name }.map(\.value)
        return values.first.map { first in values.dropFirst().reduce(first) { "\($0), \($1)" } }
    }
}
