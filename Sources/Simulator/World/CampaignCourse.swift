// SPDX-License-Identifier: Apache-2.0

/// A campaign's way until a moment: what all of its cells have in common.
struct CampaignCourse {
    let plan: CampaignPlan
    let moment: Moment
    /// Working days done, until the moment, until a quarter of an hour before, and until a day before.
    let progress, progressShortlyBefore, progressBefore: Double
    /// What was being read when each stage lay in the future, by stage.
    let exposures: [Exposure]
    /// Bounce storms in working days of progress.
    let storms: [(start: Double, end: Double)]
    /// Reply droughts as pairs of what those had read who would have replied at their beginning and end, by stage.
    let droughts: [[(start: Exposure, end: Exposure)]]

    /// Follows a campaign until a moment.
    init(of plan: CampaignPlan, until moment: Moment, _ disturbances: Disturbances) {
        self.plan = plan
        self.moment = moment
        progress = plan.progress(until: moment)
        progressShortlyBefore = plan.progress(until: moment - 15 * .minute)
        progressBefore = plan.progress(until: moment - .day)
        exposures = Stage.allCases.map { Exposure(of: plan, at: moment - $0.lag) }
        storms = disturbances.bounceStorms.map { storm in
            (plan.progress(until: storm.start), storm.end.map(plan.progress) ?? .infinity)
        }
        droughts = Stage.allCases.map { stage in
            let replying = moment - (stage.lag - Stage.reacting.lag)
            return disturbances.replyDroughts.filter { $0.start < replying }.map { drought in
                let end = min(drought.end ?? replying, replying)
                return (
                    Exposure(of: plan, at: drought.start - Stage.reacting.lag),
                    Exposure(of: plan, at: end - Stage.reacting.lag)
                )
            }
        }
    }

    /// Everything that has been counted; no number of it ever falls as the moment moves on.
    func numbers() -> CampaignNumbers {
        let cells = plan.cells.map { CellCourse(of: $0, in: self).tally() }
        var total = cells.reduce(Tally(), +)
        let first = zip(plan.cells, cells).reduce(Tally()) { $1.0.isFirst ? $0 + $1.1 : $0 }
        count(leadsIn: &total, first: first)
        return CampaignNumbers(leads: plan.leads(at: moment), cells: cells, total: total)
    }

    /// Leads from messages: whoever opens, clicks or replies to a later message has often done so before.
    private func count(leadsIn total: inout Tally, first: Tally) {
        let launched = Int(plan.launched(progress))
        total[.contacted] = launched
        total[.leadsReached] = min(launched, first[.delivered])
        total[.leadsOpened] = min(total[.leadsReached], first[.opened] + (total[.opened] - first[.opened]) / 5)
        total[.leadsClicked] = min(total[.leadsOpened], first[.clicked] + (total[.clicked] - first[.clicked]) / 2)
        total[.leadsReplied] = min(total[.leadsOpened], total[.replied] - total[.replied] / 20)
        total[.leadsRepliedAutomatically] = total[.repliedAutomatically] - total[.repliedAutomatically] / 10
        total[.leadsInterrupted] = total[.leadsReplied] + total[.unsubscribed]
        total[.leadsCompleted] = Int(plan.launched(progress, earlier: plan.length + 1) * 0.8)
        for outcome in [Count.interested, .notInterested, .meetingsBooked, .meetingsCompleted, .won] {
            total[outcome] = min(total[outcome], total[.leadsReplied])
        }
    }
}

extension Cell {
    /// Whether every lead starts here.
    fileprivate var isFirst: Bool { sequence == 0 && step == 0 }
}
