// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import Simulator

extension Server {
    /// A server of the simulated APIs.
    convenience init(simulating arguments: SimulatorArguments) throws(ServerError) {
        let simulator = Simulator(SimulatorSettings(arguments))
        try self.init(Configuration(addresses: [arguments.listenAddress])) { request in
            Answer(simulator.answer(to: request))
        }
    }
}

extension SimulatorSettings {
    fileprivate init(_ arguments: SimulatorArguments) {
        self.init()
        seed = UInt64(arguments.seed)
        campaigns = arguments.campaigns
        steps = arguments.steps
        variants = arguments.variants
        mailboxes = arguments.mailboxes
        past = arguments.past
        speed = arguments.speed
        faults = arguments.faults
    }
}

extension Server.Answer {
    fileprivate init(_ reaction: Reaction) {
        switch reaction {
        case .respond(let response): self = .response(response)
        case .truncate(let response, let count): self = .truncated(response, after: count)
        case .drop: self = .drop
        case .hang:
            self = .later {
                try? await Task.sleep(for: Self.longestHang)
                return .drop
            }
        case .late(let wait, let next):
            self = .later {
                try? await Task.sleep(for: wait)
                return Self(next)
            }
        }
    }

    /// How long a client that never gives up is kept waiting before its connection is dropped.
    private static let longestHang = Duration.seconds(120)
}
