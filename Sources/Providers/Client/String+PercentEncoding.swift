// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Every byte but the unreserved ones of RFC 3986 as `%XX`: safe in a path segment and in a query.
    var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            if byte.isUnreserved {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension UInt8 {
    private static let marks = Set("-._~".utf8)

    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: Self.marks.contains(self)
        }
    }
}
