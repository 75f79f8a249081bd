// SPDX-License-Identifier: Apache-2.0

internal import Outreach

/// The accounts that one of several exporters with the same configuration collects; from the flag `--shard`.
///
/// Depends on account names alone. An additional exporter moves only the accounts that it takes over: jump consistent
/// hash (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014).
package struct Shard: Sendable, Hashable {
    /// The shard's number, 1 to `count`.
    package let number: Int
    package let count: Int

    private static let maximumCount = 1_000_000

    /// Creates a shard; `nil` unless `1 <= number <= count`, up to a million.
    package init?(_ number: Int, of count: Int) {
        guard number >= 1, number <= count, count <= Self.maximumCount else { return nil }
        self.number = number
        self.count = count
    }

    /// Parses `number/count`: `2/3`, or `auto/count`.
    ///
    /// `auto` takes the number from the end of the host name, which in a StatefulSet counts from 0: `exporter-1` is the
    /// second.
    package init?(_ text: String, hostName: @autoclosure () -> String = "") {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[1]) else { return nil }
        let number = parts[0] == "auto" ? Self.ordinal(of: hostName()).map { $0 + 1 } : Int(parts[0])
        guard let number else { return nil }
        self.init(number, of: count)
    }

    /// The number at the end of a host name, in its first part before a dot.
    private static func ordinal(of hostName: String) -> Int? {
        let name = hostName.prefix { $0 != "." }
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }
        // More digits than an ordinal has, which would also overflow.
        return digits.count <= 9 ? Int(String(digits.reversed())) : nil
    }

    /// Whether the shard has the account of this name.
    package func contains(_ accountName: String) -> Bool {
        Self.bucket(of: accountName, count: count) == number - 1
    }

    private static func bucket(of name: String, count: Int) -> Int {
        var key = mixed(name.fnv1a())
        var bucket = 0
        var jump = 0
        while jump < count {
            bucket = jump
            key = key &* 2_862_933_555_777_941_757 &+ 1
            let share = 0x1p31 / Double((key >> 33) + 1)
            jump = Int(Double(bucket + 1) * share)
        }
        return bucket
    }

    /// The hash after a finalizer (from MurmurHash3), because the jump hash needs all bits well mixed.
    private static func mixed(_ hash: UInt64) -> UInt64 {
        let hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }
}
