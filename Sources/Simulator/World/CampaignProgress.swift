// SPDX-License-Identifier: Apache-2.0

/// A campaign's progress until an instant: what the counts of all its variants depend on.
///
/// Progress is measured in working days since the campaign started (`SimulatedCampaign.progress`).
struct CampaignProgress {
    let campaign: SimulatedCampaign
    let instant: SimulatedInstant
    /// Progress at the instant, 15 minutes before, and a day before.
    let current, quarterHourBefore, dayBefore: Double
    /// By funnel stage: the progress whose messages were being read when events of that stage now due began.
    let read: [DelayedProgress]
    /// `bounce-storm` intervals in progress.
    let storms: [(start: Double, end: Double)]
    /// By funnel stage: for each `reply-drought` what would have been replied to at its start and at its end.
    let droughts: [[(start: DelayedProgress, end: DelayedProgress)]]

    /// Evaluates a campaign at an instant of its local time.
    init(of campaign: SimulatedCampaign, until instant: SimulatedInstant, _ effects: FaultEffects) {
        self.campaign = campaign
        self.instant = instant
        current = campaign.progress(until: instant)
        quarterHourBefore = campaign.progress(until: instant - 15 * .minute)
        dayBefore = campaign.progress(until: instant - .day)
        read = FunnelStage.allCases.map { DelayedProgress(of: campaign, at: instant - $0.delay) }
        storms = effects.bounceStorms.map { storm in
            (campaign.progress(until: storm.start), storm.end.map(campaign.progress) ?? .infinity)
        }
        droughts = FunnelStage.allCases.map { stage in
            let replying = instant - (stage.delay - FunnelStage.reacting.delay)
            return effects.replyDroughts.filter { $0.start < replying }.map { drought in
                let end = min(drought.end ?? replying, replying)
                return (
                    DelayedProgress(of: campaign, at: drought.start - FunnelStage.reacting.delay),
                    DelayedProgress(of: campaign, at: end - FunnelStage.reacting.delay)
                )
            }
        }
    }

    /// The campaign's statistics; no count falls as the instant advances.
    func statistics() -> CampaignStatistics {
        let variants = campaign.variants.map { VariantProgress(of: $0, in: self).counts() }
        var total = variants.reduce(Counts(), +)
        let first = zip(campaign.variants, variants).reduce(Counts()) { $1.0.isFirstStep ? $0 + $1.1 : $0 }
        count(leadsIn: &total, first: first)
        return CampaignStatistics(leads: campaign.leads(at: instant), variants: variants, total: total)
    }

    /// Derives counts of leads from counts of messages: who reacts to a later message has often reacted to an earlier.
    private func count(leadsIn total: inout Counts, first: Counts) {
        let launched = Int(campaign.launched(current))
        total[.contacted] = launched
        total[.leadsReached] = min(launched, first[.delivered])
        total[.leadsOpened] = min(total[.leadsReached], first[.opened] + (total[.opened] - first[.opened]) / 5)
        total[.leadsClicked] = min(total[.leadsOpened], first[.clicked] + (total[.clicked] - first[.clicked]) / 2)
        total[.leadsReplied] = min(total[.leadsOpened], total[.replied] - total[.replied] / 20)
        total[.leadsRepliedAutomatically] = total[.repliedAutomatically] - total[.repliedAutomatically] / 10
        total[.leadsInterrupted] = total[.leadsReplied] + total[.unsubscribed]
        total[.leadsCompleted] = Int(campaign.launched(current, earlier: campaign.sequenceLength + 1) * 0.8)
        for outcome in [Count.interested, .notInterested, .meetingsBooked, .meetingsCompleted, .won] {
            total[outcome] = min(total[outcome], total[.leadsReplied])
        }
    }
}

extension StepVariant {
    /// Whether it belongs to the step at which every lead starts.
    fileprivate var isFirstStep: Bool { sequence == 0 && step == 0 }
}

/// The counts of one variant until an instant, each a share of an earlier count some time before.
///
/// A share grows with its base, and by at most as much. So no count ever falls, and all sums and orders between counts
/// hold at every instant, without simulating single leads.
struct VariantProgress {
    private let variant: StepVariant
    private let campaign: CampaignProgress
    /// Messages opened, and of them replied to, by funnel stage.
    private var opened: [Double] = [], replied: [Double] = []

    init(of variant: StepVariant, in campaign: CampaignProgress) {
        self.variant = variant
        self.campaign = campaign
        opened = campaign.read.map(opened)
        replied = zip(opened, campaign.droughts).map { opened, droughts in
            // Replies that would arrive within a drought never arrive.
            let lost = droughts.reduce(0) { $0 + self.opened($1.end) - self.opened($1.start) }
            return Double(share(variant.rates.reply / variant.rates.open, of: opened - lost))
        }
    }

    func counts() -> Counts {
        var counts = Counts()
        switch variant.task {
        case .email, .linkedinSend:
            count(messagesIn: &counts)
            count(reactionsIn: &counts)
            count(outcomesIn: &counts)
        case .linkedinInvite:
            counts[.invited] = sent(campaign.current)
            counts[.accepted] = share(0.35, of: Double(sent(campaign.dayBefore)))
        case .linkedinVisit, .phone, .manual, .conditional:
            break
        }
        return counts
    }

    private func count(messagesIn counts: inout Counts) {
        let sent = sent(campaign.current)
        let delivered = delivered(campaign.quarterHourBefore)
        counts[.sent] = sent
        counts[.bounced] = bounced(campaign.current)
        counts[.delivered] = sent - counts[.bounced]
        counts[.notSent] = share(0.004, of: Double(sent))
        counts[.unsubscribed] = share(variant.rates.unsubscribe, of: delivered)
        counts[.repliedAutomatically] = share(variant.rates.replyAutomatically, of: delivered)
        let earlier = self.delivered(campaign.dayBefore) * variant.rates.replyAutomatically
        counts[.automaticReplies] = counts[.repliedAutomatically] + share(0.2, of: earlier)
    }

    private func count(reactionsIn counts: inout Counts) {
        let click = variant.rates.click
        counts[.opened] = Int(opened(.reading))
        counts[.opens] = counts[.opened] + share(0.7, of: opened(.returning))
        counts[.clicked] = share(click, of: opened(.reacting))
        counts[.clicks] = counts[.clicked] + share(click * 0.4, of: opened(.returning))
        counts[.replied] = Int(replied(.reacting))
        counts[.replies] = counts[.replied] + share(0.3, of: replied(.returning))
    }

    private func count(outcomesIn counts: inout Counts) {
        let rates = variant.rates
        let meeting = rates.interest * rates.meeting
        counts[.interested] = share(rates.interest, of: replied(.returning))
        // Without the rounding offset, so that interested and not interested never exceed replied.
        counts[.notInterested] = Int(0.4 * replied(.returning))
        counts[.opportunities] = counts[.interested] + share(rates.interest * 0.2, of: replied(.meeting))
        counts[.meetingsBooked] = share(meeting, of: replied(.returning))
        counts[.meetingsCompleted] = share(meeting * 0.8, of: replied(.meeting))
        counts[.won] = share(meeting * rates.win, of: replied(.closing))
    }

    private func opened(_ stage: FunnelStage) -> Double { opened[stage.rawValue] }

    private func replied(_ stage: FunnelStage) -> Double { replied[stage.rawValue] }

    private func share(_ rate: Double, of number: Double) -> Int { variant.rates.share(rate, of: number) }

    // Counts as functions of the campaign's progress; none of them falls as it grows.

    /// Messages or invitations sent.
    private func sent(_ progress: Double) -> Int {
        let leads = Int(campaign.campaign.launched(progress, earlier: variant.delay) * variant.population)
        return (leads + variant.parts - 1 - variant.part) / variant.parts
    }

    /// E-mails bounced: 40 % of those sent during a `bounce-storm`, `EngagementRates.bounce` of the others.
    private func bounced(_ progress: Double) -> Int {
        guard variant.task == .email else { return 0 }
        let duringStorms = campaign.storms.reduce(0) { sum, storm in
            storm.start < progress ? sum + sent(min(storm.end, progress)) - sent(storm.start) : sum
        }
        let otherwise = sent(progress) - duringStorms
        return share(variant.rates.bounce, of: Double(otherwise)) + share(0.4, of: Double(duringStorms))
    }

    private func delivered(_ progress: Double) -> Double { Double(sent(progress) - bounced(progress)) }

    private func opened(_ progress: DelayedProgress) -> Double {
        Double(share(variant.rates.open, of: progress.weighted(delivered)))
    }
}

/// The progress at three delays before an instant: of those who read a message, half do so within minutes, 30 % within
/// hours and 20 % a day later.
struct DelayedProgress {
    private let minutesBefore, hoursBefore, dayBefore: Double

    /// The progress that is being read at an instant.
    init(of campaign: SimulatedCampaign, at instant: SimulatedInstant) {
        minutesBefore = campaign.progress(until: instant - 15 * .minute)
        hoursBefore = campaign.progress(until: instant - 3 * .hour)
        dayBefore = campaign.progress(until: instant - 20 * .hour)
    }

    /// The weighted sum of a count over the delays.
    func weighted(_ count: (Double) -> Double) -> Double {
        0.5 * count(minutesBefore) + 0.3 * count(hoursBefore) + 0.2 * count(dayBefore)
    }
}

/// The stages after a message was opened, in their order.
enum FunnelStage: Int, CaseIterable {
    case reading
    /// A click or a first reply.
    case reacting
    /// Another opening, click or reply; interest; a booked meeting.
    case returning
    case meeting
    case closing

    /// The time since the opening, in simulated seconds.
    var delay: Double {
        switch self {
        case .reading: 0
        case .reacting: .hour
        case .returning: .day
        case .meeting: 4 * .day
        case .closing: 9 * .day
        }
    }
}
