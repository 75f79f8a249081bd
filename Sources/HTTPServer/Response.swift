// SPDX-License-Identifier: Apache-2.0

extension Server {
    /// What a handler returns for a request: a response, now or later.
    package enum HandlerResult: Sendable {
        case response(Response)
        /// The closure's result, awaited without holding a thread.
        ///
        /// When the server stops, the closure's task is cancelled and waited for. A client that disconnects is not noticed
        /// before the closure returns.
        case deferred(@Sendable () async -> HandlerResult)

        /// Changes the response, once it is there.
        package func map(_ transform: @escaping @Sendable (Response) -> Response) -> HandlerResult {
            switch self {
            case .response(let response): .response(transform(response))
            case .deferred(let make): .deferred { await make().map(transform) }
            }
        }
    }
}

/// A response: status, header fields, and a body whose chunks are sent in order without being copied together.
package struct Response: Sendable {
    /// Where the server closes the connection instead of sending the whole response.
    package enum Abort: Sendable, Equatable {
        /// Nothing is sent.
        case beforeHead
        /// The head, which promises the whole body, and this many bytes of the body are sent.
        case afterBody(Int)
    }

    /// The status code, 200 to 599; for another the client gets 500.
    package var status: Int
    /// Header fields other than `Content-Length`, `Connection` and `Date`, which the server adds.
    package var headers: [(name: String, value: String)]
    /// The body's chunks; a `HEAD` request gets the head alone, with the body's length.
    package var body: [[UInt8]]
    /// For fault injection: breaks the connection off on purpose; `nil` sends everything.
    package var abort: Abort?

    package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [[UInt8]] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func text(
        _ text: String,
        status: Int = 200,
        headers: [(name: String, value: String)] = []
    ) -> Response {
        let type = (name: "Content-Type", value: "text/plain; charset=utf-8")
        return Response(status: status, headers: [type] + headers, body: [Array(text.utf8)])
    }

    /// The same response, broken off on purpose.
    package func aborted(_ abort: Abort) -> Response {
        var response = self
        response.abort = abort
        return response
    }
}

// Responses of the server itself.
extension Response {
    /// The request's body exceeds this many bytes.
    static func tooLarge(limit: Int) -> Response {
        .text("The body is longer than \(limit) bytes.\n", status: 413)
    }

    /// This many requests, the maximum, are in progress.
    static func overloaded(limit: Int) -> Response {
        .text(
            "Limit of concurrent requests reached (\(limit)), try again later.\n",
            status: 503,
            headers: [("Retry-After", "1")]
        )
    }

    /// The server accepts no more requests.
    static let stopping = Response.text("The server is stopping.\n", status: 503, headers: [("Connection", "close")])

    /// The handler's response cannot be sent: its status or one of its header fields is invalid.
    static let invalid = Response.text("The answer was not valid HTTP.\n", status: 500)
}
