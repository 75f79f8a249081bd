// SPDX-License-Identifier: Apache-2.0

/// What holds for every request of a transport.
package struct CurlSettings: Sendable {
    /// The `User-Agent` field, for example `outreach-exporter/1.0.0`.
    package var userAgent: String
    /// The time for name lookup, connection and TLS handshake together.
    package var connectTimeout: Duration
    /// The connections that may be open to one host; further requests wait within their own time limit.
    package var connectionsPerHost: Int
    /// The size of a body, content encoding removed, from which on it is refused; in bytes.
    package var responseLimit: Int
    /// A PEM file with the certificate authorities to trust; `nil` means those of the system.
    package var authorities: String?

    /// Describes a transport.
    package init(
        userAgent: String,
        connectTimeout: Duration = .seconds(10),
        connectionsPerHost: Int = 16,
        responseLimit: Int = 16 << 20,
        authorities: String? = nil
    ) {
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.connectionsPerHost = connectionsPerHost
        self.responseLimit = responseLimit
        self.authorities = authorities
    }
}
