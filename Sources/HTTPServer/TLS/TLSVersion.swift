// SPDX-License-Identifier: Apache-2.0

/// A version of the protocol, by the names of Prometheus's exporter-toolkit; the later one is the greater.
package enum TLSVersion: String, CaseIterable, Comparable, Sendable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"

    package static func < (left: TLSVersion, right: TLSVersion) -> Bool { left.rawValue < right.rawValue }

    /// The word for it in a GnuTLS priority string.
    var priority: String {
        switch self {
        case .tls10: "VERS-TLS1.0"
        case .tls11: "VERS-TLS1.1"
        case .tls12: "VERS-TLS1.2"
        case .tls13: "VERS-TLS1.3"
        }
    }
}
