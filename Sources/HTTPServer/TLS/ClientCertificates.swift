// SPDX-License-Identifier: Apache-2.0

/// What is asked of clients' certificates, by the names of Prometheus's exporter-toolkit.
package enum ClientCertificates: String, CaseIterable, Sendable {
    /// None is asked for.
    case none = "NoClientCert"
    /// One is asked for, none is needed, and nothing about it is verified.
    case requested = "RequestClientCert"
    /// One is needed, and nothing about it is verified.
    case required = "RequireAnyClientCert"
    /// None is needed, but one that is sent must be good.
    case verifiedIfGiven = "VerifyClientCertIfGiven"
    /// A good one is needed.
    case requiredAndVerified = "RequireAndVerifyClientCert"

    /// Whether a certificate must be signed by one of the authorities.
    var isVerified: Bool { self == .verifiedIfGiven || self == .requiredAndVerified }

    /// Whether a client without a certificate is turned away.
    var isRequired: Bool { self == .required || self == .requiredAndVerified }
}
