// SPDX-License-Identifier: Apache-2.0

/// What the request line asks for, taken apart: path and query, percent-decoded.
struct RequestTarget: Sendable {
    let path: String
    let query: [(name: String, value: String)]

    /// Takes a target in any of the forms of RFC 9112 §3.2 apart; of an absolute one the authority is passed over.
    init(_ target: some Collection<UInt8>) {
        let relative = Self.withoutAuthority(target[...])
        let parts = relative.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].isEmpty ? "/" : Self.decoded(parts[0])
        query = parts.count == 2 ? Self.pairs(parts[1]) : []
    }

    private static func withoutAuthority<Bytes: Collection<UInt8>>(_ target: Bytes) -> Bytes.SubSequence {
        guard target.first != UInt8(ascii: "/") else { return target[...] }
        for scheme in ["http://", "https://"] where target.prefix(scheme.utf8.count).elementsEqual(scheme.utf8) {
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

    /// The text behind the escapes; what is no escape stays as it is, what is no UTF-8 becomes U+FFFD.
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
