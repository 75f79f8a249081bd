// SPDX-License-Identifier: Apache-2.0

/// Whether sums over groups of campaigns are relied on: until they prove wrong, and then not for an hour, or for twice as
/// long as the last time, up to a day.
struct GroupTrust: Sendable {
    /// A moment of the steady clock.
    typealias Instant = ContinuousClock.Instant

    private static let longestDistrust = Duration.seconds(24 * 3600)

    private var patience = Duration.seconds(3600)
    private var end: Instant?

    /// Whether groups may be asked about.
    func isGiven(at now: Instant) -> Bool { end.map { $0 <= now } ?? true }

    /// Notes that the sums did not add up, or that the provider has none.
    mutating func lose(at now: Instant) {
        end = now + patience
        patience = min(patience * 2, Self.longestDistrust)
    }

    /// Notes that they did.
    mutating func confirm() {
        self = GroupTrust()
    }
}
