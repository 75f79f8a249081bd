// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// Sends HTTP requests: libcurl, or a stub in tests.
package protocol Transport: Sendable {
    /// Sends a request and returns the complete response with any status.
    ///
    /// - Throws: why there is no response.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

package struct HTTPRequest: Sendable {
    /// The method, in capitals.
    package var method: String
    /// The absolute URL, already percent-encoded.
    package var url: String
    /// Header fields other than `Host` and `Accept-Encoding`, which the transport sets; a `User-Agent` replaces its own.
    package var headers: [(name: String, value: String)]
    /// The body; `nil` for none.
    package var body: [UInt8]?
    /// The time limit from the start to the last byte; by default the longest that a configuration may set.
    package var timeout: Duration
    /// The path of a PEM file with the trusted certificate authorities; `nil` for those of the transport.
    package var authorities: String?
    /// The URL of a proxy, which replaces those of the environment and their exceptions; `nil` for those.
    package var proxy: String?

    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(600)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

/// A complete HTTP response.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// Header fields in the order received; names in lower case.
    package let headers: [(name: String, value: String)]
    /// The decoded body.
    package let body: [UInt8]
    /// Accounts for the memory of the body: whoever keeps the body keeps this too.
    package let reservation: BodyReservation?

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        reservation: BodyReservation? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.reservation = reservation
    }

    /// The first value of a header field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Why there is no response; texts never contain a header, a query or a body.
package enum TransportError: Error, Hashable, Sendable {
    /// The time limit for connecting or for the whole request has passed.
    case timedOut
    /// No connection, or one that broke, with libcurl's message.
    case unreachable(String)
    /// The certificate or the TLS handshake was not accepted, with libcurl's message.
    case untrusted(String)
    /// The body is damaged, or in an encoding that nobody asked for.
    case badEncoding
    /// The body exceeded `CurlSettings.responseLimit`, in bytes.
    case tooLarge(limit: Int)
    /// The bodies under way exceed `CurlSettings.bodyBudget`.
    case busy
    /// The request cannot be sent: a malformed URL, an unsupported scheme.
    case invalidRequest(String)
    /// The task was cancelled, or the transport shut down.
    case cancelled
}

extension TransportError: CustomStringConvertible {
    /// One line for a log or a command's error.
    package var description: String {
        switch self {
        case .timedOut: "no answer in time"
        case .unreachable(let reason), .invalidRequest(let reason): reason
        case .untrusted(let reason): "not trusted: \(reason)"
        case .badEncoding: "a body that is damaged or in an encoding that was not asked for"
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .busy: "too many large answers at the same time"
        case .cancelled: "cancelled"
        }
    }
}

extension TransportError {
    /// Classifies libcurl's result.
    ///
    /// Texts are constants of libcurl and the system, except for TLS errors: their message contains at most the host.
    init(_ code: CURLcode, of easy: borrowing EasyHandle) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_URL_MALFORMAT: self = .invalidRequest("a malformed URL")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .unreachable("the answer is not HTTP")
        case CURLE_BAD_CONTENT_ENCODING: self = .badEncoding
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .untrusted(easy.lastMessage)
        default: self = .unreachable(reason(code, easy))
        }
    }
}

private func reason(_ code: CURLcode, _ easy: borrowing EasyHandle) -> String {
    let proxyStatus = easy.number(CURLINFO_HTTP_CONNECTCODE)
    guard proxyStatus < 300 else { return "the proxy answered \(proxyStatus)" }
    let text = String(cString: curl_easy_strerror(code))
    let errno = easy.number(CURLINFO_OS_ERRNO)
    return errno == 0 ? text : "\(text): \(String(cString: strerror(Int32(truncatingIfNeeded: errno))))"
}
