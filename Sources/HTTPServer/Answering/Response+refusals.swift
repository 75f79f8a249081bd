// SPDX-License-Identifier: Apache-2.0

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
