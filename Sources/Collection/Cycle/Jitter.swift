// SPDX-License-Identifier: Apache-2.0

/// Chance, for whatever must not happen to all accounts at the same moment.
package struct Jitter: Sendable {
    private let fraction: @Sendable () -> Double

    /// Draws from a source of numbers from 0 up to, not including, 1.
    package init(fraction: @escaping @Sendable () -> Double) {
        self.fraction = fraction
    }

    /// Chance as the system has it.
    package static let system = Jitter { .random(in: 0..<1) }

    /// Any duration from zero up to a limit.
    func upTo(_ limit: Duration) -> Duration {
        limit * fraction()
    }
}
