// SPDX-License-Identifier: Apache-2.0

/// What is settled about a campaign from the start; its numbers at a moment follow from this and the clock.
package struct CampaignPlan: Sendable {
    /// Its number within the account, from 0.
    package let index: Int
    /// The provider's id.
    package let id: String
    /// The name people gave it.
    package let name: String
    /// Where it stands.
    package let state: CampaignState
    /// Its steps and variants in the provider's order.
    package let cells: [Cell]
    /// The ids of its sequences, the main one first; lemlist's.
    package let sequenceIDs: [String]
    /// When it was made; a moment of the world's past, at which clock and calendar agree.
    package let created: Moment
    /// When it began to send.
    package let started: Moment
    /// When it stopped sending, `nil` while it goes on.
    package let stopped: Moment?
    /// Whether new leads flow in for ever.
    package let isEvergreen: Bool
    /// What an opportunity is worth, in the account's currency.
    package let opportunityValue: Int

    /// When it sends.
    let hours: WorkingHours
    /// Leads it launches on a usual working day.
    let leadsPerDay: Double
    /// Working days after the start on which it launched its last lead.
    let lastLaunch: Double
    /// Where its ups and downs begin.
    let phase: Double
    /// Working days from a lead's first step to its last.
    let length: Double
    /// Usual days of work done before the start.
    let workBefore: Double

    /// Working days that the campaign has had until a moment, its ups and downs included; never falls.
    func progress(until moment: Moment) -> Double {
        guard state != .draft, moment > started else { return 0 }
        let days = hours.daysWorked(until: min(moment, stopped ?? moment)) - workBefore
        return days + swell(days) - swell(0)
    }

    /// Leads that have entered the sequence so many working days before `progress`.
    func launched(_ progress: Double, earlier delay: Double = 0) -> Double {
        max(0, min(progress - delay, lastLaunch)) * leadsPerDay
    }

    /// Leads in the campaign: imported by the hundred, shortly before they run out.
    func leads(at moment: Moment) -> Int {
        let launched = Int(launched(progress(until: moment)))
        return stopped == nil || state == .paused ? (launched / 100 + 2) * 100 : launched
    }

    /// The ups and downs: two waves of four and seventeen days, together flatter than the line they are added to.
    private func swell(_ days: Double) -> Double {
        0.35 * 4 * Wave.height(at: days / 4 + phase) + 0.3 * 17 * Wave.height(at: days / 17 + 2 * phase)
    }
}
