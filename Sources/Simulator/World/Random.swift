// SPDX-License-Identifier: Apache-2.0

/// A random number generator whose sequence its seed determines (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator seeded with a path of numbers, such as account seed, kind and index.
    init(_ parts: UInt64...) {
        state = parts.reduce(0) { hash, part in
            var generator = SeededGenerator(state: hash ^ part)
            return generator.next()
        }
    }

    private init(state: UInt64) {
        self.state = state
    }

    /// The 64-bit FNV-1a hash of the UTF-8 bytes.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A uniformly distributed number within the range.
    mutating func between(_ range: Range<Double>) -> Double {
        Double.random(in: range, using: &self)
    }

    /// A text of `length` characters from an ASCII alphabet.
    mutating func text(_ length: Int, of alphabet: String) -> String {
        let characters = Array(alphabet.utf8)
        let text = (0..<length).map { _ in characters[Int(next() % UInt64(characters.count))] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Identifiers in the providers' formats.
enum Identifier {
    /// `019e18e2-a526-75b1-9bd6-0194f5dbd386`: a UUID of version 7, Instantly's.
    static func uuid(_ generator: inout SeededGenerator) -> String {
        let hex = generator.text(26, of: "0123456789abcdef")
        let parts = [5, 4, 3, 3, 11].reduce(into: (rest: hex[...], parts: [Substring]())) { cut, length in
            cut.parts.append(cut.rest.prefix(length))
            cut.rest = cut.rest.dropFirst(length)
        }
        .parts
        return "019\(parts[0])-\(parts[1])-7\(parts[2])-9\(parts[3])-0\(parts[4])"
    }

    /// `cam_4HrZbi8xsez4QlrnL`: lemlist's, a prefix and a Meteor id of 17 characters.
    static func meteorID(_ prefix: String, _ generator: inout SeededGenerator) -> String {
        prefix + "_" + generator.text(17, of: "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz")
    }

    /// `665a1b2c3d4e5f6a7b8c9d0e`: a MongoDB object id, SendKit's.
    static func objectID(_ generator: inout SeededGenerator) -> String {
        "66" + generator.text(22, of: "0123456789abcdef")
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
