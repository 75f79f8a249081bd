// SPDX-License-Identifier: Apache-2.0

extension Server {
    /// What a handler does with a request.
    package enum HandlerResult: Sendable {
        /// Sends a response.
        case response(Response)
        /// Answers when the closure returns, without holding a thread.
        ///
        /// It is cancelled when the server stops, which waits for it. Meanwhile nobody looks whether the client is still there.
        case later(@Sendable () async -> HandlerResult)
        /// Closes the connection after this many bytes of the body, though the head promises all of it.
        case truncated(Response, after: Int)
        /// Closes the connection without a word.
        case drop
    }
}

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

/// The answers the server gives by itself.
extension Response {
    /// The body is longer than the server takes.
    static func tooLarge(limit: Int) -> Response {
        .text("The body is longer than \(limit) bytes.\n", status: 413)
    }

    /// As many requests as allowed are being answered.
    static func overloaded(limit: Int) -> Response {
        .text(
            "Limit of concurrent requests reached (\(limit)), try again later.\n",
            status: 503,
            headers: [("Retry-After", "1")]
        )
    }

    /// The server takes no more requests.
    static let stopping = Response.text("The server is stopping.\n", status: 503, headers: [("Connection", "close")])

    /// The handler's response cannot be sent: its status or one of its header fields is not valid.
    static let invalid = Response.text("The answer was not valid HTTP.\n", status: 500)
}
