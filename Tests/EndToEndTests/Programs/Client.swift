// SPDX-License-Identifier: Apache-2.0

import HTTPClient

/// The client that all tests share.
enum Client {
    private static let transport = Result { () throws(TransportError) in
        try CurlTransport(CurlSettings(userAgent: "end-to-end-tests"))
    }

    /// Sends a request.
    static func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await transport.get().send(request)
    }
}
