// SPDX-License-Identifier: Apache-2.0

/// What the simulated world is made of; the command's `--simulator.*` flags.
package struct SimulatorSettings: Sendable {
    /// The number from which everything is drawn: the same seed, key and clock show the same world.
    package var seed: UInt64 = 1
    /// Campaigns per account, at least 1.
    package var campaigns = 12
    /// Steps of a campaign, at least 1; lemlist's conditional campaigns branch off behind the last.
    package var steps = 4
    /// A/B variants of a step, 1 to 26.
    package var variants = 2
    /// Mailboxes per account.
    package var mailboxes = 8
    /// Days of the world's past, at least 26: by then its oldest campaigns began to send.
    package var past = 90
    /// Simulated seconds per second; 0 stands still.
    package var speed: Double = 600
    /// The share of the campaigns that move at a time, above 0 and at most 1.
    ///
    /// The campaigns take turns: a campaign outside its turn keeps every number, so that a fleet of which 2 % change
    /// per cycle is `0.02` with a `turn` as long as the cycle.
    package var movingShare: Double = 1
    /// How long a campaign's turn lasts, in simulated seconds.
    package var turn: Double = 3600
    /// Whether the providers' rate limits are enforced.
    package var enforcesLimits = true
    /// The faults that are on from the start.
    package var faults: [FaultRule] = []

    /// The settings of `demo`: a dozen campaigns per account at ten minutes a second.
    package init() {}
}
