// SPDX-License-Identifier: Apache-2.0

package import HTTPServer

/// What a web configuration file says: the format of Prometheus's exporter-toolkit, read and checked.
package struct WebSettings: Sendable {
    /// What connections are encrypted with; `nil` for plain HTTP.
    package var tls: TLSSettings?
    /// The file that holds the private key, which may be the web configuration itself.
    package var keyFile: String?
    /// Header fields of every answer.
    package var headers: [(name: String, value: String)] = []
    /// Who is let in, by name; nobody needs a password where it is empty.
    package var users: [String: PasswordHash] = [:]
    /// How many requests are answered; `nil` for all.
    package var rateLimit: RateLimit?

    /// Nothing is locked.
    package init() {}
}
