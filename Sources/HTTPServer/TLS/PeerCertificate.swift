// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS
internal import Glibc

/// The certificate of a client.
struct PeerCertificate: ~Copyable {
    private let handle: gnutls_x509_crt_t

    /// Takes what the client has sent; `nil` if that is nothing, or no certificate.
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

    /// Whether one of the authorities stands for the client's certificate, and for its use by a client.
    static func isTrusted(in session: gnutls_session_t) -> Bool {
        // GnuTLS reads up to a zero byte.
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

    /// The alternative names: DNS names, e-mail addresses, URIs and IP addresses.
    var names: [String] {
        var names: [String] = []
        while let name = name(UInt32(names.count)) { names.append(name) }
        return names
    }

    /// The name at an index, empty for one of another kind; `nil` past the end.
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
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
