// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

extension StringProtocol {
    /// Whether the series is told of campaigns that stand still alone, hence comes and goes with what they do.
    package var isOfStandstill: Bool { standstillSeries.contains { hasPrefix($0) } }
}

/// How such series begin; tests ask it of every line of large pages.
private let standstillSeries =
    ([Catalogue.campaignSendingState, Catalogue.campaignMailboxes]
    + [CampaignMeasure.messagesSentToday, .leadsWaiting].map(\.family)).map { "\($0.name){" }
