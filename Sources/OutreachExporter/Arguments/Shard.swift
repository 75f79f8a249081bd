// SPDX-License-Identifier: Apache-2.0

/// One instance's share among several that run with the same configuration: `2/3` is the second of three.
struct Shard: Sendable, Hashable {
    /// Which one, from 1.
    let number: Int
    /// Of how many.
    let count: Int

    /// Reads `N/M`, up to four digits each; `nil` unless 1 ≤ N ≤ M.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9]{1,4})\/([0-9]{1,4})/),
            let number = Int(match.1), let count = Int(match.2), 1 <= number, number <= count
        else { return nil }
        self.number = number
        self.count = count
    }

    /// Whether something belongs to this share.
    ///
    /// Every name has a weight with every instance and goes to the heaviest, so that one instance more takes only
    /// its own part and moves nothing between the others.
    func contains(_ name: String) -> Bool {
        let heaviest = (1...count).max { Self.weight(of: name, with: $0) < Self.weight(of: name, with: $1) }
        return heaviest == number
    }

    /// FNV-1a over the name and the instance, its bits mixed once more (the finalizer of MurmurHash3).
    private static func weight(of name: String, with instance: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(name)/\(instance)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ (hash >> 33)
    }
}
