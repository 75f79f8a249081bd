// SPDX-License-Identifier: Apache-2.0

/// Random numbers that a seed determines (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    /// Dice for one thing of the world, named by what it belongs to.
    init(_ parts: UInt64...) {
        state = parts.reduce(0) { hash, part in
            var dice = Dice(state: hash ^ part)
            return dice.next()
        }
    }

    private init(state: UInt64) {
        self.state = state
    }

    /// A number for a text (FNV-1a).
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

    /// A number of at least the range's lower bound and below its upper bound.
    mutating func between(_ range: Range<Double>) -> Double {
        Double.random(in: range, using: &self)
    }

    /// A text of so many ASCII characters out of `alphabet`.
    mutating func text(_ length: Int, of alphabet: String) -> String {
        let characters = Array(alphabet.utf8)
        let text = (0..<length).map { _ in characters[Int(next() % UInt64(characters.count))] }
        return String(decoding: text, as: UTF8.self)
    }
}
