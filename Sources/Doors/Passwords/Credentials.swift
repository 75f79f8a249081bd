// SPDX-License-Identifier: Apache-2.0

/// A name and a password, as a client sends them (RFC 7617).
struct Credentials: Sendable {
    /// The field that they were read from.
    let field: String
    let user: String
    let password: [UInt8]

    /// Reads an `Authorization` field; `nil` if it holds no basic credentials.
    init?(_ field: String) {
        guard field.prefix(6).lowercased() == "basic ",
            let bytes = Self.decoded(field.dropFirst(6).drop { $0 == " " }.utf8),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        self.field = field
        user = String(decoding: bytes[..<colon], as: UTF8.self)
        password = Array(bytes[(colon + 1)...])
    }

    /// What base64 stands for.
    private static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text where byte != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
