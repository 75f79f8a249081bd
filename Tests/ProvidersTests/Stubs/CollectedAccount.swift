// SPDX-License-Identifier: Apache-2.0

import Collection
import Exposition
import Outreach

/// The result of one full collection from a source.
struct CollectedAccount: Equatable {
    let report: AccountReport
    let unknownFields: [String]

    init(_ source: any AccountSource) async throws {
        let listing = try await source.listing()
        var details: [String: Campaign] = [:]
        for batch in listing.content.map(\.campaign.id).batches(of: source.detailBatch) {
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
            domainChecks: checks.content + boxes.content.domainChecks
        )
        unknownFields = listing.unknownFields + boxes.unknownFields
    }
}

extension Measures {
    /// The values by metric name without `outreach_campaign_`, `outreach_step_` or `outreach_mailbox_`.
    var byName: [String: Double] {
        let pairs = Measure.allCases.compactMap { measure in
            self[measure].map { value in
                (measure.family.name.split(separator: "_", maxSplits: 2).last.map(String.init) ?? "", value)
            }
        }
        return Dictionary(pairs) { _, last in last }
    }
}
