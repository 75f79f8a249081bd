// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator

extension Rig {
    /// What the provider would tell now if the line to it were perfect.
    ///
    /// Faults of the world are part of the truth, faults of the line are not. Asks the provider for everything, outside
    /// of all limits and in no time.
    func truth(_ platform: Platform, _ name: String = "acme") async throws -> AccountReport {
        let faults = simulator.faults
        simulator.setFaults(faults.filter { $0.fault.shapesTheWorld })
        defer { simulator.setFaults(faults) }
        let transport = VirtualTransport(simulator: simulator, clock: clock, latency: .zero)
        let source = platform.source(name, gate: RequestGate(), transport: transport, clock: clock)
        return try await report(of: source, platform.account(name))
    }

    private func report(of source: any AccountSource, _ account: Account) async throws -> AccountReport {
        let rows = try await source.listing().content.map(\.campaign)
        var campaigns: [Campaign] = []
        for start in stride(from: 0, to: rows.count, by: source.detailBatch) {
            let batch = rows[start..<min(start + source.detailBatch, rows.count)]
            let details = try await source.details(of: batch.map(\.id)).content
            campaigns += try batch.map { row in
                try details[row.id].map { row.completed(by: try $0.get()) } ?? row
            }
        }
        let group = try await source.mailboxes().content
        let checks = try await source.domainChecks(for: group.mailboxes)
        return AccountReport(
            account: account,
            campaigns: campaigns,
            mailboxes: group.mailboxes,
            domainChecks: group.domainChecks + checks.content
        )
    }
}

extension Fault {
    /// Whether the fault changes what is true, and not only how it is told.
    fileprivate var shapesTheWorld: Bool {
        switch self {
        case .countersFall, .countersReset, .campaignVanishes, .bounceStorm, .replyDrought: true
        default: false
        }
    }
}
