// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// A libcurl easy handle: one request.
struct EasyHandle: ~Copyable {
    /// The C handle, for `MultiHandle`.
    let pointer: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>

    init(id: Int) throws(TransportError) {
        guard let pointer = curl_easy_init() else { throw .unreachable("no memory for a request") }
        self.pointer = pointer
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        curl_easy_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, message)
        curl_easy_setopt_pointer(pointer, CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: id))
    }

    deinit {
        curl_easy_cleanup(pointer)
        message.deallocate()
    }

    /// The id of a C handle.
    static func id(of pointer: UnsafeMutableRawPointer) -> Int {
        var id: UnsafeMutableRawPointer?
        curl_easy_getinfo_pointer(pointer, CURLINFO_PRIVATE, &id)
        return Int(bitPattern: id)
    }

    /// libcurl's message about the last error; may contain the host.
    var lastMessage: String {
        String(cString: message)
    }

    /// A number about the finished transfer; 0 if there is none.
    func number(_ info: CURLINFO) -> Int {
        var value = 0
        curl_easy_getinfo_long(pointer, info, &value)
        return value
    }

    /// The header fields of the final response, without a proxy's, those of 1xx responses and trailers.
    func headers() -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var last: UnsafeMutablePointer<curl_header>?
        while let field = curl_easy_nextheader(pointer, UInt32(CURLH_HEADER), -1, last) {
            fields.append((String(cString: field.pointee.name).lowercased(), String(cString: field.pointee.value)))
            last = field
        }
        return fields
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(curl_easy_setopt_long(pointer, option, value))
    }

    /// Sets a text, which libcurl copies.
    func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        try check(curl_easy_setopt_string(pointer, option, value))
    }

    /// Sets a pointer, which must stay valid as long as the handle.
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws(TransportError) {
        try check(curl_easy_setopt_pointer(pointer, option, value))
    }

    /// Sets the body, which libcurl copies.
    func setBody(_ bytes: [UInt8]) throws(TransportError) {
        try set(CURLOPT_POSTFIELDSIZE, bytes.count)
        // An empty array may have no address, and without one libcurl would read standard input.
        guard !bytes.isEmpty else { return try set(CURLOPT_COPYPOSTFIELDS, "") }
        let code = bytes.withUnsafeBytes {
            curl_easy_setopt_pointer(pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
        }
        try check(code)
    }

    /// Sets the buffer of the response body, which must live as long as the handle.
    func setReceiver(_ body: ResponseBody) throws(TransportError) {
        try set(CURLOPT_WRITEDATA, Unmanaged.passUnretained(body).toOpaque())
        try check(curl_easy_setopt_write(pointer, receive))
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else { throw .invalidRequest(String(cString: curl_easy_strerror(code))) }
    }
}

private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ body: UnsafeMutableRawPointer?
) -> Int {
    guard let body else { return 0 }
    let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<ResponseBody>.fromOpaque(body).takeUnretainedValue().append(chunk) ? chunk.count : 0
}

extension EasyHandle {
    func apply(_ settings: CurlSettings) throws(TransportError) {
        try set(CURLOPT_USERAGENT, settings.userAgent)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, settings.connectTimeout.milliseconds))
        try set(CURLOPT_ACCEPT_ENCODING, "gzip")
        try set(CURLOPT_NOSIGNAL, 1)
        // Otherwise ending a transfer during its name lookup blocks the thread until the lookup ends.
        try set(CURLOPT_QUICK_EXIT, 1)
        try secure(settings.authorities)
    }

    /// Sets explicitly the defaults that protect keys.
    private func secure(_ authorities: String?) throws(TransportError) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        // Would write URLs and headers, and with them keys, to standard error.
        try set(CURLOPT_VERBOSE, 0)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities { try setAuthorities(authorities) }
    }

    /// Trusts the authorities of a PEM file and no others, also for a proxy.
    func setAuthorities(_ path: String) throws(TransportError) {
        try set(CURLOPT_CAINFO, path)
        try set(CURLOPT_PROXY_CAINFO, path)
    }

    /// Sends the request over a proxy, whatever the environment says.
    func setProxy(_ url: String) throws(TransportError) {
        try set(CURLOPT_PROXY, url)
        try set(CURLOPT_NOPROXY, "")
    }

    /// Sets the URL; loopback hosts are never reached over a proxy.
    func setTarget(_ url: RequestURL) throws(TransportError) {
        try set(CURLOPT_URL, url.text)
        if url.isLoopback { try set(CURLOPT_PROXY, "") }
    }

    /// Sets the method and body.
    ///
    /// `POST`, `PUT` and `PATCH` always have a body, maybe empty, because servers expect `Content-Length`.
    func setMethod(_ method: String, body: [UInt8]?) throws(TransportError) {
        if method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
        if let body = body ?? (["POST", "PUT", "PATCH"].contains(method) ? [] : nil) { try setBody(body) }
        try set(CURLOPT_CUSTOMREQUEST, method)
    }
}
