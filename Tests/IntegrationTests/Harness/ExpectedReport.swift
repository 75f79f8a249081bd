// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach
import Simulator

extension ExporterHarness {
    /// The report of an account as the provider would give it now without faults of the connection.
    ///
    /// Faults that change data apply, faults of connections and responses do not. Requests everything, outside
    /// of all limits and without latency.
    func expectedReport(_ provider: SimulatedProvider, _ name: String = "acme") async throws -> AccountReport {
        try await reading(provider, name) { source throws in try await report(of: source, provider.account(name)) }
    }

    /// What the listing alone tells of the campaigns now, without faults of the connection.
    func listedReport(_ provider: SimulatedProvider, _ name: String = "acme") async throws -> AccountReport {
        try await reading(provider, name) { source throws in
            AccountReport(
                account: provider.account(name),
                campaigns: try await source.listing().content.map(\.campaign)
            )
        }
    }

    private func reading(
        _ provider: SimulatedProvider,
        _ name: String,
        _ read: (any AccountSource) async throws -> AccountReport
    ) async throws -> AccountReport {
        let faults = simulator.faults
        simulator.setFaults(faults.filter { $0.fault.changesData })
        defer { simulator.setFaults(faults) }
        let transport = VirtualTransport(simulator: simulator, clock: clock, latency: .zero)
        let source = provider.source(name, gate: RequestGate(), transport: transport, clock: clock)
        return try await read(source)
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
        let labels = try await source.campaignLabels(of: campaigns.map(\.id))
        campaigns = campaigns.map { campaign in labels.labels[campaign.id].map(campaign.labelled) ?? campaign }
        let group = try await source.mailboxes().content
        let checks = try await source.domainChecks(for: group.mailboxes)
        return AccountReport(
            account: account,
            campaigns: campaigns,
            mailboxes: group.mailboxes,
            domainChecks: group.domainChecks + checks.content,
            messagesScheduled: group.messagesScheduled ?? [:],
            plan: try await source.plan() + (labels.plan ?? [])
        )
    }
}

extension Fault {
    /// Whether the fault changes the provider's data, not only its responses.
    fileprivate var changesData: Bool {
        switch self {
        case .countersFall, .countersReset, .campaignVanishes, .bounceStorm, .replyDrought: true
        default: false
        }
    }
}
