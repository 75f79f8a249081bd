// SPDX-License-Identifier: Apache-2.0

internal import HTTPClient

/// The base URL of an API: scheme, host, port and path prefix, without a slash at the end.
struct BaseURL: Hashable {
    let text: String
    /// Whether requests are encrypted: the scheme is `https`.
    let isEncrypted: Bool
    /// Whether requests to it never leave this machine, by the HTTP client's own rule.
    let isLoopback: Bool
    /// The host in lower case, with its port if it has one.
    private let authority: String
    /// What follows the host: empty, or `/api`.
    private let path: Substring

    /// Checks a URL.
    ///
    /// - Throws: the error, which does not contain the URL: it could contain a password.
    init(_ text: String) throws(BaseURLError) {
        guard let rest = ["https://", "http://"].lazy.compactMap({ text.dropping(prefix: $0) }).first else {
            throw .scheme
        }
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !#"<>"\^`{|}"#.utf8.contains($0) }) else { throw .characters }
        guard !rest.contains(where: { "?#".contains($0) }) else { throw .query }
        guard !text.hasSuffix("/") else { throw .slash }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else { throw .credentials }
        guard Self.isAuthority(authority), let url = try? RequestURL(text) else { throw .host }
        self.text = text
        isEncrypted = text.hasPrefix("https:")
        isLoopback = url.isLoopback
        self.authority = authority.lowercased()
        path = rest.dropFirst(authority.count)
    }

    /// Whether this is the host of another URL, but not its path: no API is there.
    func misses(_ url: BaseURL) -> Bool { authority == url.authority && path != url.path }

    /// Whether this is a host, with or without a port.
    private static func isAuthority(_ text: Substring) -> Bool {
        guard let match = text.wholeMatch(of: /(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/) else {
            return false
        }
        return match.1.map { 1...65535 ~= Int($0) ?? 0 } ?? true
    }
}

extension String {
    /// The text after a prefix; `nil` where it does not start with it.
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

/// Why a text is not a valid base URL.
enum BaseURLError: String, Error, CustomStringConvertible {
    case scheme = "the URL must start with https:// or http://"
    case characters = "the URL holds a character that must be percent-encoded"
    case query = "the URL cannot have a query or fragment: remove what starts with ? or #"
    case slash = "remove the slash at the end of the URL"
    case credentials = "the URL cannot hold a user or password: the key belongs in api_key"
    case host = "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"

    var description: String { rawValue }
}
