// SPDX-License-Identifier: Apache-2.0

package import Collection
import Synchronization

/// A random number generator whose sequence its seed determines (SplitMix64), so that a failure can be reproduced.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence of a seed.
    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension Jitter {
    /// Jitter whose sequence the seed determines.
    package static func seeded(_ seed: UInt64) -> Jitter {
        let source = FractionSource(seed)
        return Jitter { source.next() }
    }

    /// No jitter.
    package static let none = Jitter { 0 }
}

private final class FractionSource: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(_ seed: UInt64) {
        generator = Mutex(SeededGenerator(seed: seed))
    }

    func next() -> Double {
        generator.withLock { .random(in: 0..<1, using: &$0) }
    }
}
