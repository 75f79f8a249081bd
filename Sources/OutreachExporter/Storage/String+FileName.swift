// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The longest name, without what is added to it, that every file system takes.
    private static let longestFileName = 200

    /// The text as a file's name, another one for every text, also where case does not count.
    ///
    /// Everything but small letters, digits, dash and underscore is percent-encoded. What becomes too long ends in two
    /// hashes of it, 128 bits together.
    var fileName: String {
        let encoded = utf8.map(\.inFileName).joined()
        guard encoded.utf8.count > Self.longestFileName else { return encoded }
        return String(encoded.prefix(Self.longestFileName - 34)) + "~" + hash(from: 0xcbf2_9ce4_8422_2325)
            + "~" + hash(from: 0x9e37_79b9_7f4a_7c15)
    }

    /// FNV-1a in 64 bits from a basis, as hexadecimal digits.
    private func hash(from basis: UInt64) -> String {
        String(utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

extension UInt8 {
    fileprivate var inFileName: String {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            String(UnicodeScalar(self))
        default: "%" + (self < 16 ? "0" : "") + String(self, radix: 16)
        }
    }
}
