// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Simulator

/// What the command line says about the simulator.
struct SimulatorArguments: Sendable, Hashable {
    /// Where it serves the APIs.
    var listenAddress: ListenAddress = .network(host: "127.0.0.1", port: 0)
    /// The seed: the same one gives the same world.
    var seed = 1
    /// Campaigns of each provider.
    var campaigns = 12
    /// Steps of each campaign.
    var steps = 4
    /// Variants of each step.
    var variants = 2
    /// Mailboxes of each provider.
    var mailboxes = 40
    /// Days of the world's past.
    var past = 90
    /// Simulated seconds per second.
    var speed = 600.0
    /// The faults that are on from the start.
    var faults: [FaultRule] = []
}
