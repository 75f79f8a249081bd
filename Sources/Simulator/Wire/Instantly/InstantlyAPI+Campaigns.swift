// SPDX-License-Identifier: Apache-2.0

extension InstantlyAPI {
    /// `GET /api/v2/campaigns`: every page that holds a row names a cursor, the last one too.
    static func campaigns(_ call: Call) throws(Refusal) -> WireAnswer {
        guard let limit = try call.instantlyLimit() else { return .json(["items": []]) }
        let campaigns = listed(call)
        var offset = 0
        if let cursor = call.query("starting_after") {
            guard Identifier.isUUID(cursor) else { throw invalid("params/id must match format \"uuid\"") }
            offset = (campaigns.firstIndex { $0.id == cursor } ?? campaigns.count) + 1
        }
        let listing = Listing(rows: campaigns, faults: call.faults)
        let page = try listing.page(from: offset, limit: limit, or: refusal(.serverError)).rows
        let items = JSON.array(page.map { campaign($0, call) })
        guard let last = page.last else { return .json(["items": items]) }
        return .json(["items": items, "next_starting_after": .string(last.id)])
    }

    private static func listed(_ call: Call) -> [CampaignPlan] {
        let status = call.query("status").flatMap { Int($0) }
        let excluded = call.query("exclude_status").flatMap { Int($0) }
        let search = call.query("search")?.lowercased()
        return call.scene.campaigns.filter { campaign in
            let state = call.scene.state(of: campaign).instantlyStatus
            return (status ?? state) == state && excluded != state
                && (search.map { campaign.name.lowercased().contains($0) } ?? true)
        }
    }

    private static func campaign(_ campaign: CampaignPlan, _ call: Call) -> JSON {
        let state = call.scene.state(of: campaign)
        return [
            "id": .string(campaign.id), "name": .string(campaign.name),
            "status": .int(state.instantlyStatus), "is_evergreen": .bool(campaign.isEvergreen),
            "pl_value": .int(campaign.opportunityValue), "campaign_schedule": schedule(campaign),
            "sequences": [["steps": .array(sequence(campaign))]],
            "timestamp_created": call.timestamp(campaign.created),
            "timestamp_updated": call.timestamp(call.scene.updated(campaign)),
            "email_list": .array(call.scene.mailboxes.prefix(3).map { .string($0.address) }),
            "daily_limit": .int(Int(campaign.leadsPerDay) * 2), "link_tracking": true, "open_tracking": true,
            "not_sending_status": state.isSending ? nil : 1,
        ]
    }

    private static func schedule(_ campaign: CampaignPlan) -> JSON {
        let hour = Int(campaign.hours.opening / .hour)
        let timing: JSON = [
            "from": .string((hour < 10 ? "0" : "") + "\(hour):00"), "to": .string("\((hour + 8) % 24):00"),
        ]
        let days: JSON = ["1": true, "2": true, "3": true, "4": true, "5": true]
        return [
            "start_date": nil, "end_date": nil,
            "schedules": [["name": "Working days", "timing": timing, "days": days, "timezone": "Etc/UTC"]],
        ]
    }

    private static func sequence(_ campaign: CampaignPlan) -> [JSON] {
        let variants = Dictionary(grouping: campaign.cells.filter { $0.step != nil }) { $0.step ?? 0 }
        return variants.sorted { $0.key < $1.key }.map { step, cells in
            [
                "type": "email", "delay": 2, "delay_unit": "days",
                "variants": .array(
                    cells.map { _ in ["subject": .string("Step \(step + 1)"), "body": "…", "v_disabled": false] }
                ),
            ]
        }
    }
}
