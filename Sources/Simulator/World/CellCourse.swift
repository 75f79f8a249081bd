// SPDX-License-Identifier: Apache-2.0

/// The way of a campaign's leads through one cell: each count is a share of an earlier one some time before.
///
/// A share rises with what it is a share of, and by at most as much. So nothing ever falls, and all sums and orders
/// hold at every moment, without following a single lead.
struct CellCourse {
    private let cell: Cell
    private let course: CampaignCourse
    /// Messages opened, by stage.
    private let opened: [Double]
    /// Messages replied to, by stage.
    private let replied: [Double]

    /// Follows a campaign's leads through one of its cells.
    init(of cell: Cell, in course: CampaignCourse) {
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
    func tally() -> Tally {
        var tally = Tally()
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

    private func count(messagesIn tally: inout Tally, _ flow: CellFlow) {
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

    private func count(reactionsIn tally: inout Tally) {
        let click = cell.habits.click
        tally[.opened] = Int(opened(.reading))
        tally[.opens] = tally[.opened] + share(0.7, of: opened(.returning))
        tally[.clicked] = share(click, of: opened(.reacting))
        tally[.clicks] = tally[.clicked] + share(click * 0.4, of: opened(.returning))
        tally[.replied] = Int(replied(.reacting))
        tally[.replies] = tally[.replied] + share(0.3, of: replied(.returning))
    }

    private func count(outcomesIn tally: inout Tally) {
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

    private func opened(_ stage: Stage) -> Double { opened[stage.rawValue] }

    private func replied(_ stage: Stage) -> Double { replied[stage.rawValue] }

    private func share(_ chance: Double, of number: Double) -> Int { cell.habits.share(chance, of: number) }
}
