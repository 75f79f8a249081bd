// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// Something that carries one request to a server and its answer back.
package protocol Transport: Sendable {
    /// Sends a request and waits for the complete answer, whatever its status.
    ///
    /// - Throws: what kept the answer from arriving.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

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

/// A complete answer of an API.
package struct HTTPResponse: Sendable {
    /// The status code.
    package let status: Int
    /// Header fields in the order received; names in lower case.
    package let headers: [(name: String, value: String)]
    /// The body, content encoding removed.
    package let body: [UInt8]

    /// Describes an answer.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field; `name` in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// Why no answer arrived.
///
/// Texts never hold a header, a query or a body.
package enum TransportError: Error, Hashable, Sendable {
    /// The time limit for connecting or for the whole exchange passed.
    case timedOut
    /// No connection, or one that broke; the reason in libcurl's words.
    case unreachable(String)
    /// The server's certificate or the TLS handshake was not acceptable.
    case untrusted(String)
    /// The body exceeded the limit, in bytes.
    case tooLarge(limit: Int)
    /// The request itself was not usable: a malformed URL, an unsupported scheme.
    case invalidRequest(String)
    /// The task that asked was cancelled.
    case cancelled
}

extension TransportError: CustomStringConvertible {
    /// One line, as a command that cannot go on says it.
    package var description: String {
        switch self {
        case .timedOut: "no answer in time"
        case .unreachable(let reason), .invalidRequest(let reason): reason
        case .untrusted(let reason): "not trusted: \(reason)"
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}

extension TransportError {
    /// Tells apart what libcurl reports about an exchange that failed.
    ///
    /// Texts are libcurl's and the system's constant ones. Only about certificates and handshakes is libcurl's message of
    /// the moment used, which names at most the host.
    init(_ code: CURLcode, of easy: borrowing EasyHandle) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_URL_MALFORMAT: self = .invalidRequest("a malformed URL")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .unreachable("the answer is not HTTP")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .untrusted(easy.lastMessage)
        default: self = .unreachable(reason(code, easy))
        }
    }
}

private func reason(_ code: CURLcode, _ easy: borrowing EasyHandle) -> String {
    let answerOfProxy = easy.number(CURLINFO_HTTP_CONNECTCODE)
    guard answerOfProxy < 300 else { return "the proxy answered \(answerOfProxy)" }
    let text = String(cString: curl_easy_strerror(code))
    let errno = easy.number(CURLINFO_OS_ERRNO)
    return errno == 0 ? text : "\(text): \(String(cString: strerror(Int32(truncatingIfNeeded: errno))))"
}
