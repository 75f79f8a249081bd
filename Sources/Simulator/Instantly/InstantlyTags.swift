// SPDX-License-Identifier: Apache-2.0

/// Custom tags, which campaigns and sending accounts share.
extension InstantlyServer {
    /// A tag of a campaign or an account.
    private struct Mapping {
        let id: String
        let tag: Int
        let resource: String
        /// 1 for an account, 2 for a campaign.
        let type: Int
    }

    /// `GET /api/v2/custom-tags`: every one that a campaign or account may have.
    static func tags(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        try rows(Array(SimulatedCampaign.allLabels.indices), call, id: { tagID($0) }) { index in
            [
                "id": .string(tagID(index)), "label": .string(SimulatedCampaign.allLabels[index]), "description": "",
                "organization_id": .string(call.snapshot.world.teamID),
                "timestamp_created": call.timestamp(call.snapshot.world.epoch),
            ]
        }
    }

    /// `GET /api/v2/custom-tag-mappings`: those of the accounts first; every second account has the tag of a client.
    static func tagMappings(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let accounts = call.snapshot.mailboxes.filter { $0.index % 2 == 0 }.map { mailbox in
            Mapping(id: uuid(8, mailbox.index), tag: 0, resource: mailbox.address, type: 1)
        }
        let campaigns = call.snapshot.campaigns.flatMap { campaign in
            campaign.labels.compactMap(SimulatedCampaign.allLabels.firstIndex).map { tag in
                Mapping(id: uuid(16 + tag, campaign.index), tag: tag, resource: campaign.id, type: 2)
            }
        }
        return try rows(accounts + campaigns, call, id: \.id) { mapping in
            [
                "id": .string(mapping.id), "tag_id": .string(tagID(mapping.tag)),
                "resource_id": .string(mapping.resource), "resource_type": .int(mapping.type),
                "organization_id": .string(call.snapshot.world.teamID),
            ]
        }
    }

    private static func rows<Row>(
        _ all: [Row],
        _ call: APIRequest,
        id: (Row) -> String,
        json: (Row) -> JSON
    ) throws(ResponseError) -> ProviderResponse {
        let last = call.query("starting_after").map { cursor in all.firstIndex { id($0) == cursor } ?? all.count }
        return try page(of: all, from: last.map { $0 + 1 } ?? 0, call, cursor: id, json: json)
    }

    private static func tagID(_ index: Int) -> String { uuid(4, index) }

    private static func uuid(_ kind: Int, _ index: Int) -> String {
        var generator = SeededGenerator(UInt64(kind), UInt64(index))
        return Identifier.uuid(&generator)
    }
}
