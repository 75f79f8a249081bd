// SPDX-License-Identifier: Apache-2.0

/// Why an active campaign sends nothing; raw values are Instantly's statuses of sending.
package enum Standstill: String, Sendable, CaseIterable {
    case noAccountsAvailable = "no_accounts_available"
    case waitingForLeads = "waiting_for_leads"
    case dailyLimitMet = "daily_limit_met"
    case accountDailyLimitMet = "account_daily_limit_met"
    case outOfSchedule = "out_of_schedule"
    case allAccountsUnhealthy = "all_accounts_unhealthy"
    case newLeadLimitMet = "new_lead_limit_met"
    case domainLimitReached = "domain_limit_reached"
    case waitingForESPMatch = "waiting_for_esp_match"
    case followUpDelayNotMet = "follow_up_delay_not_met"

    /// The reason of the campaign with an index: those that stand still have each in turn.
    static func of(_ index: Int, on provider: SimulatedProvider) -> Standstill? {
        StagedTroubles.standsStill(campaign: index, on: provider) ? allCases[index / 12 % allCases.count] : nil
    }

    /// Instantly's `not_sending_status` in the listing; `nil` for reasons without a code.
    var code: Int? {
        switch self {
        case .outOfSchedule: 1
        case .waitingForLeads: 2
        case .dailyLimitMet: 3
        case .accountDailyLimitMet: 4
        case .allAccountsUnhealthy: 99
        case .noAccountsAvailable, .newLeadLimitMet, .domainLimitReached, .waitingForESPMatch, .followUpDelayNotMet: nil
        }
    }

    /// The key of the mailboxes that cannot send for this reason; `nil` where all can.
    var unavailable: String? {
        switch self {
        case .noAccountsAvailable, .allAccountsUnhealthy: "disconnected"
        case .accountDailyLimitMet: "daily_limit_hit"
        case .outOfSchedule, .waitingForLeads, .dailyLimitMet, .newLeadLimitMet, .domainLimitReached,
            .waitingForESPMatch, .followUpDelayNotMet:
            nil
        }
    }
}
