// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPClient
import Synchronization

/// Keeps every request on its way to another transport.
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
    /// The parts of the path, decoded.
    var path: [String] {
        (URLComponents(string: url)?.percentEncodedPath ?? "").split(separator: "/")
            .map { $0.removingPercentEncoding ?? "" }
    }

    /// The query, decoded; of repeated names the last.
    var query: [String: String] {
        let items = URLComponents(string: url)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { _, last in last }
    }

    /// The body's JSON.
    var json: JSON { body.flatMap(JSON.init) ?? .null }
}
