// SPDX-License-Identifier: Apache-2.0

/// One account at one provider: what is settled about it, whatever the clock says.
struct World: Sendable {
    let platform: Platform
    let campaigns: [CampaignPlan]
    let mailboxes: [MailboxPlan]
    /// The id of the account's team or organization.
    let teamID: String
    /// The ids of its two users, between whom the mailboxes alternate; lemlist's.
    let userIDs: [String]
    /// Where the world's past ends and its clock begins to run.
    let epoch: Moment

    private let indexByID: [String: Int]
    private let movingShare: Double
    private let turn: Double

    /// Draws the world that an API key sees.
    init(of key: String, on platform: Platform, _ settings: SimulatorSettings, epoch: Moment) {
        let seed = settings.seed ^ SeededGenerator.hash("\(platform.rawValue)/\(key)")
        var dice = SeededGenerator(seed, 0)
        self.platform = platform
        self.epoch = epoch
        movingShare = settings.movingShare
        turn = settings.turn
        teamID = platform == .lemlist ? Identifier.meteor("tea", &dice) : Identifier.uuid(&dice)
        userIDs = (0..<2).map { _ in Identifier.meteor("usr", &dice) }
        campaigns = (0..<max(1, settings.campaigns)).map {
            CampaignPlan($0, on: platform, settings, seed: seed, epoch: epoch)
        }
        indexByID = Dictionary(campaigns.map { ($0.id, $0.index) }) { first, _ in first }
        mailboxes = (0..<max(0, settings.mailboxes)).map {
            MailboxPlan($0, on: platform, seed: seed, epoch: epoch)
        }
    }

    /// The campaign with this id.
    func campaign(_ id: String) -> CampaignPlan? {
        indexByID[id].map { campaigns[$0] }
    }

    /// Where a campaign's own time line stands at a moment: it runs only during the campaign's turns.
    func ownTime(of campaign: CampaignPlan, at moment: Moment) -> Moment {
        guard movingShare < 1, moment > epoch else { return moment }
        let turns = ((moment - epoch) / turn).rounded(.down)
        let groups = max(1, (1 / movingShare).rounded())
        let (round, group) = ((turns / groups).rounded(.down), Double(campaign.index % Int(groups)))
        let present = turns - round * groups
        let part = present == group ? (moment - epoch) - turns * turn : present > group ? turn : 0
        return epoch + round * turn + part
    }
}

/// A world as it shows itself at a moment: the truth that the wire formats spell out.
package struct WorldSnapshot: Sendable {
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
    private func messages(until moment: Moment) -> Counts {
        world.campaigns.reduce(Counts()) { $0 + numbers(of: $1, until: moment).total }
    }

    private func portion(of number: Int, for mailbox: MailboxPlan) -> Int {
        (number + mailboxes.count - 1 - mailbox.index) / mailboxes.count
    }

    private func numbers(of campaign: CampaignPlan, until moment: Moment) -> CampaignNumbers {
        let disturbances = disturbances.inOwnTime(of: campaign, world)
        let course = { CampaignProgress(of: campaign, until: world.ownTime(of: campaign, at: $0), disturbances) }
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

/// What faults do to the world itself, over its whole time line.
struct Disturbances: Sendable {
    /// When a fault was on, from a moment to a later one; still on where it has no end.
    struct Window: Sendable {
        let start: Moment
        var end: Moment?
    }

    /// While these last, four messages in ten bounce.
    var bounceStorms: [Window] = []
    /// While these last, nobody replies.
    var replyDroughts: [Window] = []
    /// Since then every counter has counted from zero.
    var reset: Moment?
    /// Whether every counter of three or more shows a little less than before.
    var countersFall = false
    /// Whether every fourth campaign is gone.
    var campaignsVanish = false
}
