// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS
internal import Glibc

/// A request to a server on this machine, as a health check sends it.
///
/// Certificates are not verified: nothing secret is sent, and the name in the certificate is not the address.
package struct HealthProbe {
    /// What the server did.
    package enum Result: Equatable, Sendable {
        case status(Int)
        /// Its TLS handshake asked for a client certificate, which a health check has not.
        case wantsCertificate
        /// It did not answer in HTTP, for this reason.
        case failed(String)
    }

    private let address: ListenAddress
    private let isTLS: Bool
    /// The time limit of each step: connecting, sending, each read.
    private let timeout: Int

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - address: the address that the server listens on; without a host, 127.0.0.1.
    ///   - isTLS: whether to speak TLS.
    ///   - timeout: the time limit of each step, in seconds.
    package init(_ address: ListenAddress, isTLS: Bool, timeout: Int = 4) {
        (self.address, self.isTLS, self.timeout) = (address, isTLS, timeout)
    }

    /// Sends `GET` for a path; blocks.
    package func get(_ path: String) -> Result {
        guard let socket = connected() else { return .failed(String(cString: strerror(errno))) }
        defer { close(socket) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        return isTLS ? exchangeTLS(request, over: socket) : exchange(request, over: socket)
    }

    private func exchange(_ request: [UInt8], over socket: Int32) -> Result {
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return .failed(String(cString: strerror(errno)))
        }
        return Self.result { recv(socket, $0, $1, 0) }
    }

    /// Reads until the status line is there; `read` returns what recv(2) does.
    private static func result(reading read: (UnsafeMutableRawPointer?, Int) -> Int) -> Result {
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")), line.count < 256 {
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = buffer.withUnsafeMutableBytes { read($0.baseAddress, $0.count) }
            guard count > 0 else { break }
            line += buffer.prefix(count)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return .failed(line.isEmpty ? "no answer" : "not an answer in HTTP")
        }
        return .status(status)
    }

    private func exchangeTLS(_ request: [UInt8], over socket: Int32) -> Result {
        var allocated: gnutls_session_t?
        var credentials: gnutls_certificate_credentials_t?
        guard gnutls_init(&allocated, UInt32(GNUTLS_CLIENT)) == GNUTLS_E_SUCCESS, let session = allocated else {
            return .failed("there is too little memory")
        }
        defer { gnutls_deinit(session) }
        guard gnutls_certificate_allocate_credentials(&credentials) == GNUTLS_E_SUCCESS, let credentials else {
            return .failed("there is too little memory")
        }
        defer { gnutls_certificate_free_credentials(credentials) }
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        gnutls_set_default_priority(session)
        gnutls_transport_set_int2(session, socket, socket)
        var code = gnutls_handshake(session)
        while code == GNUTLS_E_INTERRUPTED || code == GNUTLS_E_WARNING_ALERT_RECEIVED {
            code = gnutls_handshake(session)
        }
        var result = Result.failed("TLS: \(TLSError.reason(code))")
        if code == GNUTLS_E_SUCCESS, gnutls_record_send(session, request, request.count) == request.count {
            result = Self.result { gnutls_record_recv(session, $0, $1) }
        }
        // With TLS 1.3 a client learns only after its handshake that its certificate is missed.
        if case .failed = result, gnutls_certificate_client_get_request_status(session) != 0 {
            return .wantsCertificate
        }
        return result
    }

    /// A socket that is connected to the address; `nil`, with `errno`, if nobody listens there.
    private func connected() -> Int32? {
        switch address {
        case .network(let host, let port):
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var list: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host ?? "127.0.0.1", String(port), &hints, &list) == 0, let list else {
                errno = EADDRNOTAVAIL
                return nil
            }
            defer { freeaddrinfo(list) }
            for info in sequence(first: list, next: \.pointee.ai_next) {
                if let socket = connect(info.pointee.ai_family, info.pointee.ai_addr, info.pointee.ai_addrlen) {
                    return socket
                }
            }
            return nil
        case .unix(let path, _):
            return UnixBinding.withAddress(of: path) { connect(AF_UNIX, $0, $1) }
        }
    }

    private func connect(_ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t) -> Int32? {
        let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        // The limit of sending holds for connecting too: socket(7).
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard Glibc.connect(socket, address, length) == 0 else {
            let code = errno
            close(socket)
            errno = code
            return nil
        }
        return socket
    }
}
