// SPDX-License-Identifier: Apache-2.0

/// A complete answer of an API.
package struct HTTPResponse: Sendable {
    /// The status code.
    package let status: Int
    /// Header fields in the order received; names in lower case.
    package let headers: [(name: String, value: String)]
    /// The body, content encoding removed.
    package let body: [UInt8]

    /// Describes an answer.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
