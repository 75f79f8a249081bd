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
        let seed = settings.seed ^ Dice.hash("\(platform.rawValue)/\(key)")
        var dice = Dice(seed, 0)
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
