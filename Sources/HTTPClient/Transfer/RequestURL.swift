// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// An absolute HTTP URL that has passed libcurl's parser.
struct RequestURL {
    /// The URL as given.
    let text: String
    /// The host in lower case; an IPv6 address in brackets.
    let host: String

    /// Reads a URL.
    ///
    /// - Throws: `invalidRequest` for anything but a well-formed `http` or `https` URL.
    init(_ text: String) throws(TransportError) {
        // libcurl reads up to the first NUL: what follows it would be dropped without a word.
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw .invalidRequest("a blank or control character in the URL")
        }
        guard let url = curl_url() else { throw .unreachable("no memory for a request") }
        defer { curl_url_cleanup(url) }
        guard curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK, let host = part(CURLUPART_HOST, of: url) else {
            throw .invalidRequest("a malformed URL")
        }
        guard ["http", "https"].contains(part(CURLUPART_SCHEME, of: url)) else {
            throw .invalidRequest("a URL that is neither http nor https")
        }
        self.text = text
        self.host = host
    }

    /// Whether the host is this machine by its name or address.
    var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || (host.hasPrefix("127.") && host.utf8.allSatisfy(isNumeric))
    }
}

private func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text).lowercased()
}

private func isNumeric(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
