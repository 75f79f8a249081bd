// SPDX-License-Identifier: Apache-2.0

/// The keys of a web configuration file.
enum WebKeys {
    enum Root: String, CaseIterable {
        case tls = "tls_server_config"
        case http = "http_server_config"
        case users = "basic_auth_users"
        case rateLimit = "rate_limit"
    }

    enum TLS: String, CaseIterable {
        case certificate = "cert"
        case certificateFile = "cert_file"
        case key
        case keyFile = "key_file"
        case clientCertificates = "client_auth_type"
        case clientAuthorities = "client_ca"
        case clientAuthoritiesFile = "client_ca_file"
        case clientNames = "client_allowed_sans"
        case lowestVersion = "min_version"
        case highestVersion = "max_version"
        case cipherSuites = "cipher_suites"
        case curves = "curve_preferences"
        case prefersServerOrder = "prefer_server_cipher_suites"
    }

    enum HTTP: String, CaseIterable {
        case http2, headers
    }

    enum RateLimit: String, CaseIterable {
        case interval, burst
    }
}
