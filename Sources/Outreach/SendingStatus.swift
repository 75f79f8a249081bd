// SPDX-License-Identifier: Apache-2.0

internal import Exposition

/// Why a campaign that should send does not, as far as its provider tells; part of the storage format.
package struct SendingStatus: Sendable, Hashable, Codable {
    /// The reason, the label `state`: mostly Instantly's words, such as `no_accounts_available`; others may come.
    package let state: String
    /// Limits, what was sent of them today, and the leads that wait.
    package var measures: Measures<CampaignMeasure>
    /// The campaign's mailboxes: those that are `available`, and the others by the reason for which they are not.
    package var mailboxes: [String: Double]

    package init(_ state: String, measures: Measures<CampaignMeasure> = .init(), mailboxes: [String: Double] = [:]) {
        self.state = state.labelValue
        self.measures = measures
        self.mailboxes = mailboxes
    }

    /// Whether the campaign only waits for the hours of its schedule, which needs no further question.
    package var isOutOfSchedule: Bool { state == "out_of_schedule" }
}

extension CampaignStatus {
    /// Whether the campaign is meant to send, so that there is a reason if it does not.
    package var shouldSend: Bool { self == .active || self == .error }
}
