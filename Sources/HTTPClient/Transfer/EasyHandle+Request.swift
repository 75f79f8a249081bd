// SPDX-License-Identifier: Apache-2.0

internal import CCurl

extension EasyHandle {
    /// Applies what holds for every request.
    func apply(_ settings: CurlSettings) throws(TransportError) {
        try set(CURLOPT_USERAGENT, settings.userAgent)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, settings.connectTimeout.milliseconds))
        try set(CURLOPT_ACCEPT_ENCODING, "gzip")
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a transfer during its name lookup waits for the lookup, and every other transfer with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        try secure(settings.authorities)
    }

    /// Spells out the defaults of libcurl that the safety of keys rests on.
    private func secure(_ authorities: String?) throws(TransportError) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities { try set(CURLOPT_CAINFO, authorities) }
    }

    /// Sets where the request goes.
    func setTarget(_ url: RequestURL) throws(TransportError) {
        try set(CURLOPT_URL, url.text)
        if url.isLoopback { try set(CURLOPT_PROXY, "") }
    }

    /// Sets the method and what is sent with it.
    ///
    /// A `POST`, `PUT` or `PATCH` always has a body, if an empty one: servers wait for its length.
    func setMethod(_ method: String, body: [UInt8]?) throws(TransportError) {
        if method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
        if let body = body ?? (["POST", "PUT", "PATCH"].contains(method) ? [] : nil) { try setBody(body) }
        try set(CURLOPT_CUSTOMREQUEST, method)
    }
}
