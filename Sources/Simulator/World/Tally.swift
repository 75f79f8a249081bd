// SPDX-License-Identifier: Apache-2.0

/// One number per count: of a step's variant, of a campaign, or of a whole account.
package struct Tally: Sendable, Hashable {
    private var counts = SIMD32<Int>()

    /// Zero of everything.
    package init() {}

    /// How many.
    package subscript(count: Count) -> Int {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    /// Whether nothing was counted.
    var isEmpty: Bool { self == Tally() }

    static func + (left: Tally, right: Tally) -> Tally { Tally(left.counts &+ right.counts) }

    static func - (left: Tally, right: Tally) -> Tally { Tally(left.counts &- right.counts) }

    /// Every number after a function.
    func mapped(_ transform: (Int) -> Int) -> Tally {
        Count.allCases.reduce(into: Tally()) { $0[$1] = transform(self[$1]) }
    }

    private init(_ counts: SIMD32<Int>) {
        self.counts = counts
    }
}
