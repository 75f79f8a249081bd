// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

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
