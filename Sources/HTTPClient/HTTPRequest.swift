// SPDX-License-Identifier: Apache-2.0

/// One request to an API.
package struct HTTPRequest: Sendable {
    /// The method, in capitals.
    package var method: String
    /// The absolute URL, already percent-encoded.
    package var url: String
    /// Header fields beside those the transport sets itself (`Host`, `User-Agent`, `Accept-Encoding`).
    package var headers: [(name: String, value: String)]
    /// The body; `nil` sends none.
    package var body: [UInt8]?
    /// The time from start to last byte after which the request fails.
    package var timeout: Duration

    /// Describes a request.
    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}
