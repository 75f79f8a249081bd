// SPDX-License-Identifier: Apache-2.0

/// A campaign's way until a moment: what all of its cells have in common.
struct CampaignProgress {
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
        exposures = FunnelStage.allCases.map { Exposure(of: plan, at: moment - $0.lag) }
        storms = disturbances.bounceStorms.map { storm in
            (plan.progress(until: storm.start), storm.end.map(plan.progress) ?? .infinity)
        }
        droughts = FunnelStage.allCases.map { stage in
            let replying = moment - (stage.lag - FunnelStage.reacting.lag)
            return disturbances.replyDroughts.filter { $0.start < replying }.map { drought in
                let end = min(drought.end ?? replying, replying)
                return (
                    Exposure(of: plan, at: drought.start - FunnelStage.reacting.lag),
                    Exposure(of: plan, at: end - FunnelStage.reacting.lag)
                )
            }
        }
    }

    /// Everything that has been counted; no number of it ever falls as the moment moves on.
    func numbers() -> CampaignNumbers {
        let cells = plan.cells.map { CellProgress(of: $0, in: self).tally() }
        var total = cells.reduce(Counts(), +)
        let first = zip(plan.cells, cells).reduce(Counts()) { $1.0.isFirst ? $0 + $1.1 : $0 }
        count(leadsIn: &total, first: first)
        return CampaignNumbers(leads: plan.leads(at: moment), cells: cells, total: total)
    }

    /// Leads from messages: whoever opens, clicks or replies to a later message has often done so before.
    private func count(leadsIn total: inout Counts, first: Counts) {
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

/// The way of a campaign's leads through one cell: each count is a share of an earlier one some time before.
///
/// A share rises with what it is a share of, and by at most as much. So nothing ever falls, and all sums and orders
/// hold at every moment, without following a single lead.
struct CellProgress {
    private let cell: Cell
    private let course: CampaignProgress
    /// Messages opened, by stage.
    private let opened: [Double]
    /// Messages replied to, by stage.
    private let replied: [Double]

    /// Follows a campaign's leads through one of its cells.
    init(of cell: Cell, in course: CampaignProgress) {
        self.cell = cell
        self.course = course
        let flow = CellFlow(cell: cell, plan: course.plan, storms: course.storms)
        opened = course.exposures.map(flow.opened)
        replied = zip(opened, course.droughts).map { opened, droughts in
            // Only who opened replies, and nobody whose reply would fall into a drought.
            let lost = droughts.reduce(0) { $0 + flow.opened($1.end) - flow.opened($1.start) }
            return Double(cell.habits.share(cell.habits.reply / cell.habits.open, of: opened - lost))
        }
    }

    /// Everything that has been counted here.
    func tally() -> Counts {
        var tally = Counts()
        let flow = CellFlow(cell: cell, plan: course.plan, storms: course.storms)
        switch cell.task {
        case .email, .linkedinSend:
            count(messagesIn: &tally, flow)
            count(reactionsIn: &tally)
            count(outcomesIn: &tally)
        case .linkedinInvite:
            tally[.invited] = flow.sent(course.progress)
            tally[.accepted] = share(0.35, of: Double(flow.sent(course.progressBefore)))
        case .linkedinVisit, .phone, .manual, .conditional:
            break
        }
        return tally
    }

    private func count(messagesIn tally: inout Counts, _ flow: CellFlow) {
        let sent = flow.sent(course.progress)
        let read = flow.delivered(course.progressShortlyBefore)
        tally[.sent] = sent
        tally[.bounced] = flow.bounced(course.progress)
        tally[.delivered] = sent - tally[.bounced]
        tally[.notSent] = share(0.004, of: Double(sent))
        tally[.unsubscribed] = share(cell.habits.unsubscribe, of: read)
        tally[.repliedAutomatically] = share(cell.habits.replyAutomatically, of: read)
        let earlier = flow.delivered(course.progressBefore) * cell.habits.replyAutomatically
        tally[.automaticReplies] = tally[.repliedAutomatically] + share(0.2, of: earlier)
    }

    private func count(reactionsIn tally: inout Counts) {
        let click = cell.habits.click
        tally[.opened] = Int(opened(.reading))
        tally[.opens] = tally[.opened] + share(0.7, of: opened(.returning))
        tally[.clicked] = share(click, of: opened(.reacting))
        tally[.clicks] = tally[.clicked] + share(click * 0.4, of: opened(.returning))
        tally[.replied] = Int(replied(.reacting))
        tally[.replies] = tally[.replied] + share(0.3, of: replied(.returning))
    }

    private func count(outcomesIn tally: inout Counts) {
        let habits = cell.habits
        let meeting = habits.interest * habits.meeting
        tally[.interested] = share(habits.interest, of: replied(.returning))
        // Without the phase, so that it and the interested never exceed those who replied.
        tally[.notInterested] = Int(0.4 * replied(.returning))
        tally[.opportunities] = tally[.interested] + share(habits.interest * 0.2, of: replied(.meeting))
        tally[.meetingsBooked] = share(meeting, of: replied(.returning))
        tally[.meetingsCompleted] = share(meeting * 0.8, of: replied(.meeting))
        tally[.won] = share(meeting * habits.win, of: replied(.closing))
    }

    private func opened(_ stage: FunnelStage) -> Double { opened[stage.rawValue] }

    private func replied(_ stage: FunnelStage) -> Double { replied[stage.rawValue] }

    private func share(_ chance: Double, of number: Double) -> Int { cell.habits.share(chance, of: number) }
}

/// A cell's messages as functions of the campaign's progress; none of them falls as it grows.
struct CellFlow {
    let cell: Cell
    let plan: CampaignPlan
    let storms: [(start: Double, end: Double)]

    /// Messages sent, or invitations.
    func sent(_ progress: Double) -> Int {
        let leads = Int(plan.launched(progress, earlier: cell.delay) * cell.population)
        return (leads + cell.parts - 1 - cell.part) / cell.parts
    }

    /// Messages that bounced: a few, and four in ten of those sent in a storm.
    func bounced(_ progress: Double) -> Int {
        guard cell.task == .email else { return 0 }
        let stormy = storms.reduce(0) { sum, storm in
            storm.start < progress ? sum + sent(min(storm.end, progress)) - sent(storm.start) : sum
        }
        let calm = Double(sent(progress) - stormy)
        return cell.habits.share(cell.habits.bounce, of: calm) + cell.habits.share(0.4, of: Double(stormy))
    }

    /// Messages that arrived.
    func delivered(_ progress: Double) -> Double {
        Double(sent(progress) - bounced(progress))
    }

    /// Messages that were opened.
    func opened(_ exposure: Exposure) -> Double {
        Double(cell.habits.share(cell.habits.open, of: exposure.sum(of: delivered)))
    }
}

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

/// How long after a message was read something follows from it.
enum FunnelStage: Int, CaseIterable {
    /// The opening itself.
    case reading
    /// A click or a reply.
    case reacting
    /// A second look, a second reply, interest.
    case returning
    /// A meeting.
    case meeting
    /// A deal.
    case closing

    /// The time since the opening, in simulated seconds.
    var lag: Double {
        switch self {
        case .reading: 0
        case .reacting: .hour
        case .returning: .day
        case .meeting: 4 * .day
        case .closing: 9 * .day
        }
    }
}
