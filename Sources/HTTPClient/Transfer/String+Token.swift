// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether this is a token (RFC 9110, 5.6.2), as methods and field names are.
    var isToken: Bool {
        !isEmpty && utf8.allSatisfy(isTokenByte)
    }
}

private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
