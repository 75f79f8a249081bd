// SPDX-License-Identifier: Apache-2.0

/// How far a campaign had come when the messages were sent that are being read at a moment: half of those who open do
/// so within minutes, some within hours, some the next day.
struct Exposure {
    /// Working days of progress, each with its weight; the weights add up to 1.
    let parts: [(progress: Double, weight: Double)]

    /// What is being read at a moment.
    init(of plan: CampaignPlan, at moment: Moment) {
        parts = [(15 * .minute, 0.5), (3 * .hour, 0.3), (20 * .hour, 0.2)].map { lag, weight in
            (plan.progress(until: moment - lag), weight)
        }
    }
}
