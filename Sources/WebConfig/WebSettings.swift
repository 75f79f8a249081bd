// SPDX-License-Identifier: Apache-2.0

package import Configuration
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

/// Why there are no web settings; the description tells everything at once, a line for each reason.
package enum WebSettingsError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(FileError)
    /// The file is wrong in these places.
    case invalid(file: String, Diagnostics)
    /// The file turns TLS on or off, which is settled at the start.
    case needsRestart(file: String)

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .invalid(let file, let problems): problems.lines(in: file).joined(separator: "\n")
        case .needsRestart(let file): "\(file): TLS is turned on or off by a restart only"
        }
    }
}
