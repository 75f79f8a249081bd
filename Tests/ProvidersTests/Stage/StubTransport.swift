// SPDX-License-Identifier: Apache-2.0

import HTTPClient

/// Answers from a table of routes instead of a network, with a fault on demand.
struct StubTransport: Transport {
    typealias Route = @Sendable (HTTPRequest) -> HTTPResponse

    /// Finds the answer to a request.
    let answer: Route
    var fault: Fault?

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard let fault else { return answer(request) }
        return try fault.bend(request, answer)
    }
}

extension HTTPResponse {
    /// A success with JSON.
    static func json(_ value: JSON) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: value.bytes)
    }

    /// Any status with text.
    static func text(_ text: String, status: Int, headers: [(name: String, value: String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
