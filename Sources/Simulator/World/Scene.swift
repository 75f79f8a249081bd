// SPDX-License-Identifier: Apache-2.0

/// A world as it shows itself at a moment: the truth that the wire formats spell out.
package struct Scene: Sendable {
    /// The moment.
    package let now: Moment

    let world: World
    let disturbances: Disturbances

    /// The campaigns that are there, in the order of their making.
    package var campaigns: [CampaignPlan] {
        disturbances.campaignsVanish ? world.campaigns.filter(isThere) : world.campaigns
    }

    /// The mailboxes.
    package var mailboxes: [MailboxPlan] { world.mailboxes }

    /// The campaign with this id, unless it is gone.
    package func campaign(_ id: String) -> CampaignPlan? {
        world.campaign(id).flatMap { isThere($0) ? $0 : nil }
    }

    private func isThere(_ campaign: CampaignPlan) -> Bool {
        !disturbances.campaignsVanish || (campaign.index % 4 != 1 && world.campaigns.count > 1)
    }

    /// Where a campaign stands now.
    package func state(of campaign: CampaignPlan) -> CampaignState {
        campaign.state(at: world.ownTime(of: campaign, at: now))
    }

    /// When a campaign came to stand there.
    func updated(_ campaign: CampaignPlan) -> Moment {
        campaign.updated(at: world.ownTime(of: campaign, at: now))
    }

    /// What the provider reports of a campaign now.
    package func numbers(of campaign: CampaignPlan) -> CampaignNumbers {
        numbers(of: campaign, until: now)
    }

    /// What the provider reports of a campaign for a span of time.
    func numbers(of campaign: CampaignPlan, from start: Moment?, to end: Moment?) -> CampaignNumbers {
        let whole = numbers(of: campaign, until: min(end ?? now, now))
        guard let start, start > campaign.created else { return whole }
        return whole.since(numbers(of: campaign, until: min(start, now)))
    }

    /// What the provider reports of every mailbox now, in their order; the account's messages are spread over them evenly.
    package func mailboxNumbers() -> [MailboxNumbers] {
        let midnight = Moment(seconds: now.seconds - now.seconds.truncatingRemainder(dividingBy: .day))
        let (total, before) = (messages(until: now), messages(until: midnight))
        return mailboxes.map { mailbox in
            let sent = portion(of: total[.sent], for: mailbox)
            return MailboxNumbers(
                sent: sent,
                bounced: min(sent, portion(of: total[.bounced], for: mailbox)),
                sentToday: max(0, sent - portion(of: before[.sent], for: mailbox)),
                received: portion(of: total[.replies] + total[.automaticReplies], for: mailbox),
                warmupDay: mailbox.warmupDay(at: now),
                warmup: mailbox.warmup(at: now)
            )
        }
    }

    /// All messages of the account, those of campaigns that are gone included.
    private func messages(until moment: Moment) -> Tally {
        world.campaigns.reduce(Tally()) { $0 + numbers(of: $1, until: moment).total }
    }

    private func portion(of number: Int, for mailbox: MailboxPlan) -> Int {
        (number + mailboxes.count - 1 - mailbox.index) / mailboxes.count
    }

    private func numbers(of campaign: CampaignPlan, until moment: Moment) -> CampaignNumbers {
        let disturbances = disturbances.inOwnTime(of: campaign, world)
        let course = { CampaignCourse(of: campaign, until: world.ownTime(of: campaign, at: $0), disturbances) }
        var numbers = course(moment).numbers()
        if let reset = disturbances.reset { numbers = numbers.since(course(min(reset, moment)).numbers()) }
        return disturbances.countersFall ? numbers.fallen() : numbers
    }
}

extension Disturbances {
    /// The same on the time line of a campaign that moves only during its turns.
    fileprivate func inOwnTime(of campaign: CampaignPlan, _ world: World) -> Disturbances {
        let translate = { (window: Window) in
            Window(
                start: world.ownTime(of: campaign, at: window.start),
                end: window.end.map { world.ownTime(of: campaign, at: $0) }
            )
        }
        var own = self
        own.bounceStorms = bounceStorms.map(translate)
        own.replyDroughts = replyDroughts.map(translate)
        return own
    }
}
