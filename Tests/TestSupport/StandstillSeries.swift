// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

extension StringProtocol {
    /// Whether the series is told of campaigns that stand still alone, hence comes and goes with what they do.
    package var isOfStandstill: Bool {
        let families =
            [Catalogue.campaignSendingState, Catalogue.campaignMailboxes]
            + [CampaignMeasure.messagesSentToday, .leadsWaiting].map(\.family)
        return families.contains { hasPrefix("\($0.name){") }
    }
}
