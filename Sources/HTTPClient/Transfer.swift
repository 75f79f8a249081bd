// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// A request in progress.
final class Transfer {
    typealias Outcome = Result<HTTPResponse, TransportError>
    typealias Continuation = CheckedContinuation<Outcome, Never>

    let easy: EasyHandle
    /// When the request times out.
    let deadline: ContinuousClock.Instant
    /// Resumed with the outcome.
    let continuation: Continuation
    private let fields: CurlHeaderList
    private let body: ResponseBody

    /// Prepares a request.
    ///
    /// - Throws: `invalidRequest` for what cannot or must not be sent.
    init(
        _ request: HTTPRequest,
        id: Int,
        _ settings: CurlSettings,
        _ budget: BodyBudget,
        _ continuation: Continuation
    ) throws(TransportError) {
        guard request.method.isToken else { throw .invalidRequest("a method that is no token") }
        let url = try RequestURL(request.url)
        deadline = .now + request.timeout
        self.continuation = continuation
        body = ResponseBody(limit: settings.responseLimit, budget: budget)
        easy = try EasyHandle(id: id)
        fields = try CurlHeaderList(request)
        try easy.apply(settings)
        try easy.setTarget(url)
        if let authorities = request.authorities { try easy.setAuthorities(authorities) }
        if let proxy = request.proxy { try easy.setProxy(proxy) }
        try easy.setReceiver(body)
        try easy.setMethod(request.method, body: request.body)
        try easy.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(fields.pointer))
    }

    /// The outcome for libcurl's result.
    func outcome(_ code: CURLcode) -> Outcome {
        guard code == CURLE_OK else { return .failure(failure(code)) }
        return .success(
            HTTPResponse(
                status: easy.number(CURLINFO_RESPONSE_CODE),
                headers: easy.headers(),
                body: body.bytes,
                reservation: body.reservation
            )
        )
    }

    private func failure(_ code: CURLcode) -> TransportError {
        body.refusal ?? TransportError(code, of: easy)
    }
}

/// The received part of a response body, up to a limit.
final class ResponseBody {
    private(set) var bytes: [UInt8] = []
    /// Why the body is given up; `nil` as long as it fits.
    private(set) var refusal: TransportError?
    /// Accounts for the memory of the body.
    let reservation: BodyReservation
    /// The maximum size, in bytes.
    private let limit: Int

    init(limit: Int, budget: BodyBudget) {
        self.limit = limit
        reservation = BodyReservation(budget)
    }

    /// Appends a chunk.
    ///
    /// - Returns: whether there is room for the body.
    func append(_ chunk: UnsafeRawBufferPointer) -> Bool {
        let size = bytes.count + chunk.count
        if size > limit {
            refusal = .tooLarge(limit: limit)
        } else if size > bytes.capacity {
            // A body that is not counted grows to no more than that.
            let ceiling = size > BodyBudget.freeSize ? limit : min(BodyBudget.freeSize, limit)
            let capacity = min(max(size, bytes.capacity * 2), ceiling)
            if reservation.hold(capacity) { bytes.reserveCapacity(capacity) } else { refusal = .busy }
        }
        if refusal == nil { bytes.append(contentsOf: chunk) } else { bytes = [] }
        return refusal == nil
    }
}

/// The header fields of a request as a libcurl list.
final class CurlHeaderList {
    /// The first element; `nil` for an empty list.
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    /// Creates the list of a request's fields.
    ///
    /// - Throws: `invalidRequest` for a name that is not a token or a value with a control character.
    init(_ request: HTTPRequest) throws(TransportError) {
        for field in request.headers { try append(try line(field.name, field.value)) }
        // Removes libcurl's own `Content-Type` of a form, and `Expect` of a large body.
        for name in ["Content-Type", "Expect"] { try append("\(name):") }
    }

    deinit {
        curl_slist_free_all(pointer)
    }

    private func append(_ line: String) throws(TransportError) {
        guard let longer = curl_slist_append(pointer, line) else { throw .unreachable("no memory for a request") }
        pointer = longer
    }
}

/// A field in libcurl's syntax: an empty value is written with a semicolon, a colon alone removes the field.
private func line(_ name: String, _ value: String) throws(TransportError) -> String {
    guard name.isToken else { throw .invalidRequest("a header name that is no token") }
    guard !value.utf8.contains(where: endsLine) else { throw .invalidRequest("a control character in a header value") }
    return value.utf8.allSatisfy(isBlank) ? "\(name);" : "\(name): \(value)"
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func endsLine(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F
}

/// An absolute HTTP URL, checked by libcurl's parser.
package struct RequestURL {
    /// The URL as given.
    let text: String
    /// The host in lower case; an IPv6 address in brackets.
    let host: String

    /// Parses a URL.
    ///
    /// - Throws: `invalidRequest` for anything but a well-formed `http` or `https` URL.
    package init(_ text: String) throws(TransportError) {
        // libcurl would ignore everything after a NUL.
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

    /// Whether the request never leaves this machine, and so bypasses every proxy.
    package var isLoopback: Bool { Loopback.contains(host) }
}

private func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text).lowercased()
}

extension String {
    /// Whether this is a token (RFC 9110 §5.6.2), the syntax of methods and field names.
    var isToken: Bool {
        !isEmpty && utf8.allSatisfy(isTokenByte)
    }
}

private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

/// The one rule for which hosts never leave this machine.
///
/// The configuration accepts plain HTTP to them without further permission, and the client bypasses every proxy for
/// them: both must mean the same hosts, or a key would travel to the proxy unencrypted.
enum Loopback {
    /// Whether connections to a host stay on this machine, whatever DNS says.
    ///
    /// These are `localhost` and the names below it, which libcurl resolves itself (RFC 6761, 6.3), `127.0.0.0/8`,
    /// `::1`, and the IPv6 form of the IPv4 addresses. `localhost.` with its final dot is a question to DNS for libcurl.
    ///
    /// - Parameter host: a host in lower case as libcurl's URL parser returns it, which has made `127.0.0.1` of
    ///   `127.1` and `0x7f000001` already; IPv6 addresses in brackets.
    /// - Returns: whether the host is one of them.
    static func contains(_ host: String) -> Bool {
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        guard host.first == "[", host.last == "]" else { return address(host, AF_INET, count: 4)?.first == 127 }
        guard let address = address(String(host.dropFirst().dropLast()), AF_INET6, count: 16) else { return false }
        let isMapped = address.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return address.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) || isMapped && address[12] == 127
    }

    private static func address(_ text: String, _ family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
