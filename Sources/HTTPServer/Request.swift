// SPDX-License-Identifier: Apache-2.0

/// A request as the handler sees it, with its whole body.
package struct Request: Sendable {
    /// The method as sent, case-sensitive (RFC 9110 §9.1): `GET`.
    package let method: String
    /// The path without the query, percent-decoded.
    package let path: String
    /// The query's names and values in the order sent, percent-decoded.
    package let query: [(name: String, value: String)]
    /// Header fields in the order sent; names in lower case.
    package let headers: [(name: String, value: String)]
    /// The body; empty if none was sent, at most `Server.Configuration.maxBodySize` bytes.
    package let body: [UInt8]
    /// Whether the client is on this machine: at a loopback address, or at a Unix domain socket.
    package let isLocal: Bool

    package init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        isLocal: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.isLocal = isLocal
    }

    /// All values of a header field, its name in lower case, joined by commas (RFC 9110 §5.3); `nil` if it is absent.
    package func header(_ name: String) -> String? {
        let values = headers.lazy.filter { $0.name == name }.map(\.value)
        return values.first.map { first in values.dropFirst().reduce(first) { "\($0), \($1)" } }
    }
}

/// The method, version and header fields of a request, before its body is read.
struct RequestHead: Sendable {
    let method: String
    let version: String
    /// Header fields in the order sent; names in lower case.
    let headers: [(name: String, value: String)]

    /// The error response to an invalid or ambiguous head; `nil` if the head is valid.
    ///
    /// Of contradicting fields libmicrohttpd takes the first, and a proxy in front of it possibly the last. To prevent
    /// request smuggling, ambiguous heads are rejected (RFC 9112 §3.2, §5, §6.1, §6.3).
    func rejection(maxBody: Int) -> Response? {
        guard method.utf8.allSatisfy(Self.isToken), headers.allSatisfy({ Self.isField($0.name, $0.value) }) else {
            return .text("The request is malformed.\n", status: 400)
        }
        return hostRejection ?? framingRejection ?? sizeRejection(maxBody)
    }

    private func values(_ name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }

    private var hostRejection: Response? {
        let hosts = values("host").count
        guard hosts > 1 || hosts == 0 && version != "HTTP/1.0" else { return nil }
        return .text("A request needs one Host field.\n", status: 400)
    }

    private var framingRejection: Response? {
        let codings = values("transfer-encoding")
        let lengths = values("content-length")
        if lengths.count > 1 || !lengths.isEmpty && !codings.isEmpty || !codings.isEmpty && version == "HTTP/1.0" {
            return .text("The length of the body is ambiguous.\n", status: 400)
        }
        if let coding = codings.first, codings.count > 1 || coding.lowercased() != "chunked" {
            return .text("The only transfer coding is chunked.\n", status: 501)
        }
        return nil
    }

    private func sizeRejection(_ limit: Int) -> Response? {
        guard let length = values("content-length").first.flatMap(UInt64.init), length > limit else { return nil }
        return .tooLarge(limit: limit)
    }

    private static func isField(_ name: String, _ value: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isToken) && !value.utf8.contains(UInt8(ascii: "\r"))
    }

    /// A character of a method or a field name (RFC 9110 §5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// The target of a request line, parsed into path and query, percent-decoded.
struct RequestTarget: Sendable {
    let path: String
    let query: [(name: String, value: String)]

    /// Parses a target in any of the forms of RFC 9112 §3.2; the authority of an absolute form is ignored.
    init(_ target: some Collection<UInt8>) {
        let relative = Self.withoutAuthority(target[...])
        let parts = relative.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].isEmpty ? "/" : Self.decoded(parts[0])
        query = parts.count == 2 ? Self.pairs(parts[1]) : []
    }

    private static func withoutAuthority<Bytes: Collection<UInt8>>(_ target: Bytes) -> Bytes.SubSequence {
        guard target.first != UInt8(ascii: "/") else { return target[...] }
        for scheme in ["http://", "https://"]
        where String(decoding: target.prefix(scheme.utf8.count), as: UTF8.self).lowercased() == scheme {
            return target.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        }
        return target[...]
    }

    private static func pairs(_ query: some Collection<UInt8>) -> [(name: String, value: String)] {
        query.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0], isForm: true), parts.count == 2 ? decoded(parts[1], isForm: true) : "")
        }
    }

    /// Decodes percent escapes (RFC 3986 §2.1), and in HTML forms `+` as a space.
    ///
    /// Invalid escapes stay as they are, invalid UTF-8 becomes U+FFFD.
    private static func decoded(_ bytes: some Collection<UInt8>, isForm: Bool = false) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = escape(rest.prefix(2)) {
                plain.append(value)
                rest = rest.dropFirst(2)
            } else {
                plain.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func escape(_ digits: some Collection<UInt8>) -> UInt8? {
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
