// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Synchronization

/// Responds by a function instead of a network, with an optional fault.
struct StubTransport: Transport {
    typealias Respond = @Sendable (HTTPRequest) -> HTTPResponse

    let respond: Respond
    var fault: Fault?

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard let fault else { return respond(request) }
        return try fault.response(to: request, respond)
    }
}

extension HTTPResponse {
    /// Status 200 with JSON.
    static func json(_ value: JSON) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: value.bytes)
    }

    /// A status with text.
    static func text(_ text: String, status: Int, headers: [(name: String, value: String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}

/// Records the requests sent over another transport.
final class RecordingTransport: Transport {
    private let other: any Transport
    private let sent = Mutex<[HTTPRequest]>([])

    init(_ other: any Transport) {
        self.other = other
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        sent.withLock { $0.append(request) }
        return try await other.send(request)
    }
}

extension HTTPRequest {
    /// The components of the path, decoded.
    var path: [String] {
        (URLComponents(string: url)?.percentEncodedPath ?? "").split(separator: "/")
            .map { $0.removingPercentEncoding ?? "" }
    }

    /// The query, decoded; the last value of repeated names.
    var query: [String: String] {
        let items = URLComponents(string: url)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { _, last in last }
    }

    /// The values of a name in the query, decoded.
    func queries(_ name: String) -> [String] {
        (URLComponents(string: url)?.queryItems ?? []).filter { $0.name == name }.compactMap(\.value)
    }

    /// The body as JSON.
    var json: JSON { body.flatMap(JSON.init) ?? .null }
}
