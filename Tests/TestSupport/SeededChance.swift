// SPDX-License-Identifier: Apache-2.0

package import Collection
import Synchronization

/// Chance that falls the same way in every run (SplitMix64).
package struct SeededChance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence.
    package init(_ seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

extension Jitter {
    /// Jitter that falls the same way in every run.
    package static func seeded(_ seed: UInt64) -> Jitter {
        let chance = SharedChance(seed)
        return Jitter { chance.fraction() }
    }

    /// No jitter.
    package static let none = Jitter { 0 }
}

private final class SharedChance: Sendable {
    private let chance: Mutex<SeededChance>

    init(_ seed: UInt64) {
        chance = Mutex(SeededChance(seed))
    }

    func fraction() -> Double {
        chance.withLock { .random(in: 0..<1, using: &$0) }
    }
}
