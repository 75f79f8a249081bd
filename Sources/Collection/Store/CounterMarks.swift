// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// The last value shown of every counter of an account.
package struct CounterMarks: Sendable, Hashable, Codable {
    /// The marks of a campaign and its steps.
    struct CampaignMark: Sendable, Hashable, Codable {
        /// When the campaign was last shown.
        var seen: Timestamp
        var measures = HeldMeasures<CampaignMeasure>()
        var steps: [Step.Key: HeldMeasures<StepMeasure>] = [:]
    }

    /// The marks of a mailbox.
    struct MailboxMark: Sendable, Hashable, Codable {
        /// When the mailbox was last shown.
        var seen: Timestamp
        var measures = HeldMeasures<MailboxMeasure>()
    }

    /// The counters among the measures of a campaign.
    static let campaignCounters = CampaignMeasure.allCases.filter { $0.family.type == .counter }
    /// The counters among the measures of a step.
    static let stepCounters = StepMeasure.allCases.filter { $0.family.type == .counter }
    /// The counters among the measures of a mailbox.
    static let mailboxCounters = MailboxMeasure.allCases.filter { $0.family.type == .counter }

    /// By campaign id.
    var campaigns: [String: CampaignMark] = [:]
    /// By address.
    var mailboxes: [String: MailboxMark] = [:]

    /// Nothing shown yet.
    package init() {}

    /// Forgets what was not shown since a moment.
    mutating func forget(unseenSince moment: Timestamp) {
        if campaigns.values.contains(where: { $0.seen < moment }) {
            campaigns = campaigns.filter { $0.value.seen >= moment }
        }
        if mailboxes.values.contains(where: { $0.seen < moment }) {
            mailboxes = mailboxes.filter { $0.value.seen >= moment }
        }
    }
}
