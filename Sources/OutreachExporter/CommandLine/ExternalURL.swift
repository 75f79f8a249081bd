// SPDX-License-Identifier: Apache-2.0

/// The URL under which users reach the exporter through a proxy, or its path alone: `https://monitor.example/outreach`.
struct ExternalURL: FlagValue, Hashable {
    static let expected = "a URL like https://monitor.example/outreach, or its path"

    let flagText: String
    /// The host, with its port if the URL has one; `nil` if only a path is known.
    let authority: String?
    /// The path, as a prefix of the exporter's own paths.
    let path: RoutePrefix

    init?(flagText: String) {
        var rest = flagText[...]
        var authority: Substring?
        for scheme in ["http://", "https://"] where flagText.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            authority = rest.prefix { $0 != "/" }
            rest = rest.drop { $0 != "/" }
        }
        guard authority != nil || rest.hasPrefix("/"), let path = RoutePrefix(flagText: String(rest)) else {
            return nil
        }
        let isName = authority?.utf8.allSatisfy { RoutePrefix.isUnreserved($0) || "[]:".utf8.contains($0) } ?? true
        guard isName, authority?.isEmpty != true else { return nil }
        self.flagText = flagText
        self.authority = authority.map { $0.lowercased() }
        self.path = path
    }
}

/// The path that stands in front of all paths of the exporter.
struct RoutePrefix: FlagValue, Hashable {
    static let expected = "a path like /outreach"

    /// Empty, or with a slash at its start and none at its end: `/outreach`.
    let path: String

    var flagText: String { path.isEmpty ? "/" : path }

    /// Reads a path, with or without slashes at its ends, as Prometheus does.
    init?(flagText: String) {
        let trimmed = flagText.drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed()
        let path = String(trimmed)
        guard path.utf8.allSatisfy({ Self.isUnreserved($0) || $0 == UInt8(ascii: "/") }), !path.contains("//") else {
            return nil
        }
        self.path = path.isEmpty ? "" : "/" + path
    }

    /// A character that means itself in a URL (RFC 3986 §2.3).
    fileprivate static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }
}
