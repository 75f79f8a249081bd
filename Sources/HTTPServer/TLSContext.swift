// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS
internal import Glibc

/// GnuTLS's credentials and priorities for TLS settings, shared by the connections that were opened with them.
package final class TLSContext: Sendable {
    private struct Handles {
        let credentials: gnutls_certificate_credentials_t
        let priorities: gnutls_priority_t
    }

    /// Immutable after `init`; GnuTLS lets any number of sessions read both concurrently.
    nonisolated(unsafe) private let handles: Handles
    package let settings: TLSSettings

    /// - Throws: `TLSError` naming the setting that GnuTLS rejects.
    package init(_ settings: TLSSettings) throws(TLSError) {
        let credentials = try Self.credentials(settings)
        var priorities: gnutls_priority_t?
        let status = gnutls_priority_init(&priorities, settings.priorities, nil)
        guard status == GNUTLS_E_SUCCESS, let priorities else {
            gnutls_certificate_free_credentials(credentials)
            throw .priorities(TLSError.reason(status))
        }
        handles = Handles(credentials: credentials, priorities: priorities)
        self.settings = settings
    }

    deinit {
        gnutls_certificate_free_credentials(handles.credentials)
        gnutls_priority_deinit(handles.priorities)
    }

    /// Configures a session before its handshake; the context must outlive the session.
    func prepare(_ session: gnutls_session_t) {
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(handles.credentials))
        gnutls_priority_set(session, handles.priorities)
        gnutls_certificate_server_set_request(session, settings.clientCertificates.request)
        gnutls_session_set_ptr(session, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether the client's certificate, or its absence, satisfies the settings.
    fileprivate func accepts(_ session: gnutls_session_t) -> Bool {
        guard let certificate = PeerCertificate(of: session) else { return !settings.clientCertificates.isRequired }
        if settings.clientCertificates.isVerified && !PeerCertificate.isTrusted(in: session) { return false }
        return settings.clientNames.isEmpty || !Set(settings.clientNames).isDisjoint(with: certificate.names)
    }

    private static func credentials(_ settings: TLSSettings) throws(TLSError) -> gnutls_certificate_credentials_t {
        var allocated: gnutls_certificate_credentials_t?
        guard gnutls_certificate_allocate_credentials(&allocated) == GNUTLS_E_SUCCESS, let credentials = allocated
        else { throw .memory }
        do throws(TLSError) {
            try fill(credentials, from: settings)
        } catch {
            gnutls_certificate_free_credentials(credentials)
            throw error
        }
        return credentials
    }

    private static func fill(
        _ credentials: gnutls_certificate_credentials_t,
        from settings: TLSSettings
    ) throws(TLSError) {
        let status = withDatum(settings.certificate) { certificate in
            withDatum(settings.key) { key in
                gnutls_certificate_set_x509_key_mem2(credentials, certificate, key, GNUTLS_X509_FMT_PEM, nil, 0)
            }
        }
        guard status >= 0 else { throw .certificate(TLSError.reason(status)) }
        guard settings.clientCertificates != .none else { return }
        gnutls_certificate_set_verify_function(credentials, verify)
        try trust(settings, in: credentials)
    }

    /// Trusts the given authorities, or the system's where certificates are verified.
    private static func trust(
        _ settings: TLSSettings,
        in credentials: gnutls_certificate_credentials_t
    ) throws(TLSError) {
        let count: Int32
        if let authorities = settings.clientAuthorities {
            count = withDatum(authorities) {
                gnutls_certificate_set_x509_trust_mem(credentials, $0, GNUTLS_X509_FMT_PEM)
            }
        } else if settings.clientCertificates.isVerified {
            count = gnutls_certificate_set_x509_system_trust(credentials)
        } else {
            return
        }
        guard count > 0 else {
            throw .clientAuthorities(count == 0 ? "it holds no certificate" : TLSError.reason(count))
        }
    }
}

/// Called by GnuTLS during a handshake in which the client has sent a certificate; anything but 0 fails it.
private func verify(_ session: gnutls_session_t?) -> Int32 {
    guard let session, let context = gnutls_session_get_ptr(session) else { return GNUTLS_E_CERTIFICATE_ERROR }
    let accepts = Unmanaged<TLSContext>.fromOpaque(context).takeUnretainedValue().accepts(session)
    return accepts ? 0 : GNUTLS_E_CERTIFICATE_ERROR
}

extension ClientCertificates {
    fileprivate var request: gnutls_certificate_request_t {
        if self == .none { return GNUTLS_CERT_IGNORE }
        return isRequired ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST
    }
}

/// The setting that GnuTLS rejects, with its reason.
package enum TLSError: Error, Equatable {
    /// Certificate and key: unreadable, or not a pair.
    case certificate(String)
    case clientAuthorities(String)
    /// The combination of versions, cipher suites and curves.
    case priorities(String)
    /// Memory is short.
    case memory
}

extension TLSError {
    /// GnuTLS's text for an error code.
    static func reason(_ code: Int32) -> String {
        gnutls_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

/// Passes bytes to GnuTLS, which copies what it keeps.
func withDatum<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { buffer in
        // GnuTLS only reads, but `gnutls_datum_t` lacks the `const`.
        let start = UnsafeMutablePointer(mutating: buffer.baseAddress)
        return withUnsafePointer(to: gnutls_datum_t(data: start, size: UInt32(buffer.count)), body)
    }
}

struct PeerCertificate: ~Copyable {
    private let handle: gnutls_x509_crt_t

    /// The certificate of a session; `nil` if the client has sent none, or an invalid one.
    init?(of session: gnutls_session_t) {
        var count: UInt32 = 0
        var allocated: gnutls_x509_crt_t?
        guard let list = gnutls_certificate_get_peers(session, &count), count > 0,
            gnutls_x509_crt_init(&allocated) == GNUTLS_E_SUCCESS, let certificate = allocated
        else { return nil }
        guard gnutls_x509_crt_import(certificate, list, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS else {
            gnutls_x509_crt_deinit(certificate)
            return nil
        }
        handle = certificate
    }

    deinit { gnutls_x509_crt_deinit(handle) }

    /// Whether a trusted authority has signed the client's certificate, for client authentication.
    static func isTrusted(in session: gnutls_session_t) -> Bool {
        // GnuTLS takes a C string.
        var purpose = Array(GNUTLS_KP_TLS_WWW_CLIENT.utf8) + [0]
        var status: UInt32 = 0
        let result = purpose.withUnsafeMutableBufferPointer { buffer in
            var data = gnutls_typed_vdata_st()
            data.type = GNUTLS_DT_KEY_PURPOSE_OID
            data.data = buffer.baseAddress
            data.size = UInt32(buffer.count - 1)
            return gnutls_certificate_verify_peers(session, &data, 1, &status)
        }
        return result == GNUTLS_E_SUCCESS && status == 0
    }

    /// The subject alternative names: DNS names, e-mail addresses, URIs and IP addresses.
    var names: [String] {
        var names: [String] = []
        while let name = name(UInt32(names.count)) { names.append(name) }
        return names
    }

    /// The name at an index, empty for one of another type; `nil` past the end.
    private func name(_ index: UInt32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var size = bytes.count
        let kind = gnutls_x509_crt_get_subject_alt_name(handle, index, &bytes, &size, nil)
        guard kind != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE else { return nil }
        switch kind {
        case Int32(GNUTLS_SAN_DNSNAME.rawValue), Int32(GNUTLS_SAN_RFC822NAME.rawValue), Int32(GNUTLS_SAN_URI.rawValue):
            return String(decoding: bytes.prefix(size), as: UTF8.self)
        case Int32(GNUTLS_SAN_IPADDRESS.rawValue): return Self.address(Array(bytes.prefix(size)))
        default: return kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER ? nil : ""
        }
    }

    private static func address(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16,
            inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil
        else { return "" }
        return String(nullTerminated: text)
    }
}
