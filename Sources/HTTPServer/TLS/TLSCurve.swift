// SPDX-License-Identifier: Apache-2.0

/// A curve for the key exchange, by Go's name for it.
package enum TLSCurve: String, CaseIterable, Sendable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"

    /// The word for it in a GnuTLS priority string.
    var priority: String {
        switch self {
        case .p256: "GROUP-SECP256R1"
        case .p384: "GROUP-SECP384R1"
        case .p521: "GROUP-SECP521R1"
        case .x25519: "GROUP-X25519"
        }
    }
}
