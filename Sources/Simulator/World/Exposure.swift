// SPDX-License-Identifier: Apache-2.0

/// How far a campaign had come when the messages were sent that are being read at a moment: some of them minutes, some
/// hours, some a day ago.
struct Exposure {
    /// Working days of progress.
    private let now, earlier, dayBefore: Double

    /// What is being read at a moment.
    init(of plan: CampaignPlan, at moment: Moment) {
        now = plan.progress(until: moment - 15 * .minute)
        earlier = plan.progress(until: moment - 3 * .hour)
        dayBefore = plan.progress(until: moment - 20 * .hour)
    }

    /// How many of the messages that `count` counts up to a progress have had their chance to be read: half of those
    /// who read do so within minutes.
    func sum(of count: (Double) -> Double) -> Double {
        0.5 * count(now) + 0.3 * count(earlier) + 0.2 * count(dayBefore)
    }
}
