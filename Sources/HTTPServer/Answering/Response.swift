// SPDX-License-Identifier: Apache-2.0

/// An answer: status, header fields, and a body of pieces that are sent one behind the other without copying.
package struct Response: Sendable {
    /// The status code.
    package var status: Int
    /// Header fields beside `Content-Length`, `Connection` and `Date`, which the server adds.
    package var headers: [(name: String, value: String)]
    /// The body's pieces; a `HEAD` request gets the head alone, with the body's length.
    package var body: [[UInt8]]

    /// Describes an answer.
    package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [[UInt8]] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A short plain text answer.
    package static func text(
        _ text: String,
        status: Int = 200,
        headers: [(name: String, value: String)] = []
    ) -> Response {
        let type = (name: "Content-Type", value: "text/plain; charset=utf-8")
        return Response(status: status, headers: [type] + headers, body: [Array(text.utf8)])
    }
}
