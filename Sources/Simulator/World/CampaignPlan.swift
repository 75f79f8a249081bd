// SPDX-License-Identifier: Apache-2.0

/// What is settled about a campaign from the start; its numbers at a moment follow from this and the clock.
package struct CampaignPlan: Sendable {
    /// Its number within the account, from 0.
    package let index: Int
    /// The provider's id.
    package let id: String
    /// The name people gave it.
    package let name: String
    /// Where it stands when the world's past ends.
    let firstState: CampaignState
    /// Where it stands once it has stopped.
    let lastState: CampaignState
    /// Its steps and variants in the provider's order.
    package let cells: [Cell]
    /// The ids of its sequences, the main one first; lemlist's.
    package let sequenceIDs: [String]
    /// When it was made; a moment of the world's past, at which clock and calendar agree.
    package let created: Moment
    /// When it begins to send; a draft within days of the world's past.
    package let started: Moment
    /// When it stops sending, `nil` where it goes on for ever.
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

    /// Where it stands at a moment of its own time.
    func state(at moment: Moment) -> CampaignState {
        if let stopped, moment >= stopped { return lastState }
        if firstState == .draft, moment >= started { return .active }
        return firstState
    }

    /// When it came to stand where it stands at a moment.
    func updated(at moment: Moment) -> Moment {
        [stopped, started].compactMap(\.self).first { $0 <= moment } ?? created
    }

    /// Working days that the campaign has had until a moment, its ups and downs included; never falls.
    func progress(until moment: Moment) -> Double {
        guard moment > started else { return 0 }
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
        let state = state(at: moment)
        return state.isSending || state == .draft || state == .paused ? (launched / 100 + 2) * 100 : launched
    }

    /// The ups and downs: two waves of four and seventeen days, together flatter than the line they are added to.
    private func swell(_ days: Double) -> Double {
        0.35 * 4 * Wave.height(at: days / 4 + phase) + 0.3 * 17 * Wave.height(at: days / 17 + 2 * phase)
    }
}
