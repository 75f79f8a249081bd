// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS

/// Which of the settings GnuTLS does not take, and what it says.
package enum TLSError: Error, Equatable {
    /// Certificate and key: not readable, or not of each other.
    case certificate(String)
    /// The authorities of clients' certificates.
    case clientAuthorities(String)
    /// Versions, cipher suites and curves.
    case priorities(String)
    /// Too little memory.
    case memory
}

extension TLSError {
    /// GnuTLS's words for an error number.
    static func reason(_ code: Int32) -> String {
        gnutls_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
