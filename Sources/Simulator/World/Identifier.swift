// SPDX-License-Identifier: Apache-2.0

/// Ids as each provider forms them.
enum Identifier {
    /// `019e18e2-a526-75b1-9bd6-0194f5dbd386`: a UUID of version 7, Instantly's.
    static func uuid(_ dice: inout Dice) -> String {
        let hex = dice.text(26, of: "0123456789abcdef")
        let parts = [5, 4, 3, 3, 11].reduce(into: (rest: hex[...], parts: [Substring]())) { cut, length in
            cut.parts.append(cut.rest.prefix(length))
            cut.rest = cut.rest.dropFirst(length)
        }
        .parts
        return "019\(parts[0])-\(parts[1])-7\(parts[2])-9\(parts[3])-0\(parts[4])"
    }

    /// `cam_4HrZbi8xsez4QlrnL`: a prefix and seventeen characters, lemlist's.
    static func meteor(_ prefix: String, _ dice: inout Dice) -> String {
        prefix + "_" + dice.text(17, of: "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz")
    }

    /// `665a1b2c3d4e5f6a7b8c9d0e`: a MongoDB object id, SendKit's.
    static func objectID(_ dice: inout Dice) -> String {
        "66" + dice.text(22, of: "0123456789abcdef")
    }

    /// Whether a text has the form of a UUID.
    static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.joined().utf8.allSatisfy { isHex($0) }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
