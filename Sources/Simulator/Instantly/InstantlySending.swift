// SPDX-License-Identifier: Apache-2.0

extension InstantlyServer {
    /// `GET /api/v2/campaigns/{id}/sending-status`: why a campaign sends or does not.
    static func sendingStatus(_ call: APIRequest) throws(ResponseError) -> ProviderResponse {
        let campaign = try call.campaign(or: errorResponse(.notFound))
        let state = call.snapshot.state(of: campaign)
        let reason = state.isSending ? campaign.standstill : nil
        let (limit, newLeads) = (Int(campaign.leadsPerDay) * 2, Int(campaign.leadsPerDay))
        let isOutOfLeads = reason == .waitingForLeads
        return .json([
            "diagnostics": [
                "campaign_id": .string(campaign.id), "last_updated": call.timestamp(call.snapshot.now),
                "status": .string(reason?.rawValue ?? state.instantlySending),
                "issue_tracking": ["current_status_code": reason == nil ? 0 : 1, "consecutive_loops_with_issue": 0],
                "accounts_summary": mailboxes(reason, call),
                "campaign_daily_limit": [
                    "limit": .int(limit), "sent": .int(reason == .dailyLimitMet ? limit : 0),
                    "limit_hit": .bool(reason == .dailyLimitMet),
                ],
                "new_lead_limit": [
                    "enabled": true, "limit": .int(newLeads), "contacted": 0,
                    "limit_hit": .bool(reason == .newLeadLimitMet),
                ],
                "schedule_status": ["in_schedule": .bool(reason != .outOfSchedule)],
                "follow_ups_waiting": ["count": .int(isOutOfLeads ? 0 : newLeads)],
            ]
        ])
    }

    private static func mailboxes(_ reason: Standstill?, _ call: APIRequest) -> JSON {
        let total = min(3, call.snapshot.mailboxes.count)
        let keys = ["daily_limit_hit", "slow_ramp_limit_hit", "disconnected", "global_gap_not_met"]
        let unavailable = keys.map { ($0, JSON.int($0 == reason?.unavailable ? total : 0)) }
        return [
            "total_connected": .int(total), "available": .int(reason?.unavailable == nil ? total : 0),
            "unavailable": .object(unavailable.map { (name: $0.0, value: $0.1) }),
        ]
    }
}

extension CampaignState {
    /// Instantly's status of the sending of a campaign that has no other reason.
    fileprivate var instantlySending: String {
        switch self {
        case .draft: "campaign_draft"
        case .active, .failing: "healthy"
        case .paused, .archived: "campaign_paused"
        case .completed: "campaign_completed"
        case .runningSubsequences: "campaign_running_subsequences"
        case .accountSuspended: "campaign_account_suspended"
        case .accountsUnhealthy: "campaign_accounts_unhealthy"
        case .bounceProtect: "campaign_bounce_protect"
        }
    }
}
