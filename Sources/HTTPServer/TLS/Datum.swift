// SPDX-License-Identifier: Apache-2.0

internal import CGnuTLS

/// Calls with bytes in GnuTLS's form, which it reads and does not keep.
func withDatum<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { buffer in
        // The type has no form for bytes that are only read.
        let start = UnsafeMutablePointer(mutating: buffer.baseAddress)
        return withUnsafePointer(to: gnutls_datum_t(data: start, size: UInt32(buffer.count)), body)
    }
}
