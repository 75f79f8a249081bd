// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS

/// Certificate, key and rules as GnuTLS keeps them, shared by all connections that were opened under them.
package final class TLSContext: Sendable {
    private struct Handles {
        let credentials: gnutls_certificate_credentials_t
        let priorities: gnutls_priority_t
    }

    /// GnuTLS lets any number of sessions read both at once; nobody writes to them after `init`.
    nonisolated(unsafe) private let handles: Handles
    private let clientCertificates: ClientCertificates
    private let clientNames: Set<String>

    /// Takes over settings.
    ///
    /// - Throws: which of them cannot be.
    package init(_ settings: TLSSettings) throws(TLSError) {
        let credentials = try Self.credentials(settings)
        var priorities: gnutls_priority_t?
        let status = gnutls_priority_init(&priorities, settings.priorities, nil)
        guard status == GNUTLS_E_SUCCESS, let priorities else {
            gnutls_certificate_free_credentials(credentials)
            throw .priorities(TLSError.reason(status))
        }
        handles = Handles(credentials: credentials, priorities: priorities)
        clientCertificates = settings.clientCertificates
        clientNames = Set(settings.clientNames)
    }

    deinit {
        gnutls_certificate_free_credentials(handles.credentials)
        gnutls_priority_deinit(handles.priorities)
    }

    /// Makes a session, before its handshake, use all this; the session must not outlive it.
    func prepare(_ session: gnutls_session_t) {
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(handles.credentials))
        gnutls_priority_set(session, handles.priorities)
        gnutls_certificate_server_set_request(session, clientCertificates.request)
        gnutls_session_set_ptr(session, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether the certificate that a client has sent will do.
    fileprivate func accepts(_ session: gnutls_session_t) -> Bool {
        guard let certificate = PeerCertificate(of: session) else { return !clientCertificates.isRequired }
        if clientCertificates.isVerified && !PeerCertificate.isTrusted(in: session) { return false }
        return clientNames.isEmpty || !clientNames.isDisjoint(with: certificate.names)
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

    /// Trusts the authorities that are given, or those of the system where certificates are verified.
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

/// Called by GnuTLS during a handshake in which a client has sent a certificate; anything but 0 ends it.
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
