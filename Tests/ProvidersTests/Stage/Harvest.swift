// SPDX-License-Identifier: Apache-2.0

import Collection
import Outreach

/// What one full collection from a source brings in.
struct Harvest: Equatable {
    let report: AccountReport
    let unknownFields: [String]

    /// Asks as a collector would.
    init(_ source: any AccountSource) async throws {
        let listing = try await source.listing()
        var details: [String: Campaign] = [:]
        for batch in listing.content.map(\.campaign.id).chunks(of: source.detailBatch) {
            for (id, result) in try await source.details(of: batch).content { details[id] = try result.get() }
        }
        let boxes = try await source.mailboxes()
        let checks = try await source.domainChecks(for: boxes.content.mailboxes)
        report = AccountReport(
            account: Account(provider: "any", name: "any"),
            campaigns: listing.content.map { row in
                details[row.campaign.id].map(row.campaign.completed) ?? row.campaign
            },
            mailboxes: boxes.content.mailboxes,
            domainChecks: checks ?? boxes.content.domainChecks
        )
        unknownFields = listing.unknownFields + boxes.unknownFields
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
