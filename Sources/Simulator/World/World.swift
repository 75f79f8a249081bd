// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The time-independent part of one account at one provider.
struct World: Sendable {
    let provider: SimulatedProvider
    let campaigns: [SimulatedCampaign]
    let mailboxes: [SimulatedMailbox]
    /// The id of the account's team or organization.
    let teamID: String
    /// The ids of its two users; mailbox `i` belongs to user `i % 2`; only lemlist reports them.
    let userIDs: [String]
    /// The instant at which the simulator started: the end of the generated history.
    let epoch: SimulatedInstant

    let pastCounts = PastCounts()

    private let indexByID: [String: Int]
    private let activeShare: Double
    private let activePeriod: Double

    /// Generates the account that an API key opens.
    init(of key: String, on provider: SimulatedProvider, _ settings: SimulatorSettings, epoch: SimulatedInstant) {
        let seed = settings.seed ^ SeededGenerator.hash("\(provider.rawValue)/\(key)")
        var generator = SeededGenerator(seed, 0)
        self.provider = provider
        self.epoch = epoch
        activeShare = settings.activeShare
        activePeriod = settings.activePeriod
        teamID = provider.server.teamID(&generator)
        userIDs = (0..<2).map { _ in Identifier.meteorID("usr", &generator) }
        campaigns = (0..<max(1, settings.campaigns)).map {
            SimulatedCampaign($0, on: provider, settings, seed: seed, epoch: epoch)
        }
        indexByID = Dictionary(campaigns.map { ($0.id, $0.index) }) { first, _ in first }
        mailboxes = (0..<max(0, settings.mailboxes)).map {
            SimulatedMailbox($0, on: provider, settings, seed: seed, epoch: epoch)
        }
    }

    func campaign(_ id: String) -> SimulatedCampaign? {
        indexByID[id].map { campaigns[$0] }
    }

    /// The local time of a campaign: with an `activeShare` below 1 it advances only in the campaign's active periods.
    func localTime(of campaign: SimulatedCampaign, at instant: SimulatedInstant) -> SimulatedInstant {
        guard activeShare < 1, instant > epoch else { return instant }
        let periods = ((instant - epoch) / activePeriod).rounded(.down)
        let groups = max(1, (1 / activeShare).rounded())
        let (round, group) = ((periods / groups).rounded(.down), Double(campaign.index % Int(groups)))
        let active = periods - round * groups
        let elapsed = active == group ? (instant - epoch) - periods * activePeriod : active > group ? activePeriod : 0
        return epoch + round * activePeriod + elapsed
    }

    /// The fault effects in the local time of a campaign.
    func localEffects(_ effects: FaultEffects, on campaign: SimulatedCampaign) -> FaultEffects {
        let localInterval = { (interval: FaultEffects.Interval) in
            FaultEffects.Interval(
                start: localTime(of: campaign, at: interval.start),
                end: interval.end.map { localTime(of: campaign, at: $0) }
            )
        }
        var local = effects
        local.bounceStorms = effects.bounceStorms.map(localInterval)
        local.replyDroughts = effects.replyDroughts.map(localInterval)
        return local
    }
}

/// The sums over all campaigns of an account until past instants, without faults: these never change.
final class PastCounts: Sendable {
    private let known = Mutex<[SimulatedInstant: Counts]>([:])

    /// The known counts until an instant, or those that a function computes.
    func counts(at instant: SimulatedInstant, or compute: (SimulatedInstant) -> Counts) -> Counts {
        if let counts = known.withLock({ $0[instant] }) { return counts }
        let counts = compute(instant)
        known.withLock { known in
            if known.count >= 1_000 { known = [:] }
            known[instant] = counts
        }
        return counts
    }
}

/// An account at an instant, with the effects of faults: what the provider reports, before it is serialized.
package struct WorldSnapshot: Sendable {
    package let now: SimulatedInstant

    let world: World
    var effects: FaultEffects

    /// The campaigns in the order of their index, without those that `campaign-vanishes` hides.
    package var campaigns: [SimulatedCampaign] {
        effects.campaignsVanish ? world.campaigns.filter(isVisible) : world.campaigns
    }

    /// The mailboxes in the order of their index.
    package var mailboxes: [SimulatedMailbox] { world.mailboxes }

    /// The campaign with this id; `nil` where it is unknown or hidden.
    package func campaign(_ id: String) -> SimulatedCampaign? {
        world.campaign(id).flatMap { isVisible($0) ? $0 : nil }
    }

    private func isVisible(_ campaign: SimulatedCampaign) -> Bool {
        !effects.campaignsVanish || (campaign.index % 4 != 1 && world.campaigns.count > 1)
    }

    package func state(of campaign: SimulatedCampaign) -> CampaignState {
        campaign.state(at: world.localTime(of: campaign, at: now))
    }

    /// The instant of a campaign's last change of state, or of its creation.
    func updated(_ campaign: SimulatedCampaign) -> SimulatedInstant {
        campaign.updated(at: world.localTime(of: campaign, at: now))
    }

    /// A campaign's statistics until now.
    package func statistics(of campaign: SimulatedCampaign) -> CampaignStatistics {
        statistics(of: campaign, until: now)
    }

    func statistics(of campaign: SimulatedCampaign, within range: DateRange) -> CampaignStatistics {
        let total = statistics(of: campaign, until: min(range.to ?? now, now))
        guard let start = range.from, start > campaign.created else { return total }
        return total.since(statistics(of: campaign, until: min(start, now)))
    }

    /// Every mailbox's statistics until now, in the order of `mailboxes`; each sends an equal share of all messages.
    package func mailboxStatistics() -> [MailboxStatistics] {
        let midnight = SimulatedInstant(seconds: now.seconds - now.seconds.truncatingRemainder(dividingBy: .day))
        let (total, before) = (accountCounts(until: now), accountCounts(until: midnight))
        return mailboxes.map { mailbox in
            let sent = share(of: total[.sent], for: mailbox)
            return MailboxStatistics(
                sent: sent,
                bounced: min(sent, share(of: total[.bounced], for: mailbox)),
                sentToday: max(0, sent - share(of: before[.sent], for: mailbox)),
                received: share(of: total[.replies] + total[.automaticReplies], for: mailbox),
                warmupDay: mailbox.warmupDay(at: now),
                warmup: mailbox.warmup(at: now)
            )
        }
    }

    /// The messages that all campaigns have sent, hidden ones included.
    var messagesSent: Int { accountCounts(until: now)[.sent] }

    /// The leads of all campaigns, hidden ones included.
    var leads: Int { world.campaigns.reduce(0) { $0 + Int($1.leadsPerDay) * 30 } }

    /// What is left of an account's credits: one is consumed with each message, and a thousand are bought when none is left.
    var creditsLeft: Int { 1_000 - messagesSent % 1_000 }

    /// Each mailbox's counts between consecutive instants, by the mailbox's index; no fault makes these fall.
    func mailboxCounts(between instants: [SimulatedInstant]) -> [[Counts]] {
        var lasting = self
        lasting.effects.reset = nil
        lasting.effects.countersFall = false
        let isPlain = effects.bounceStorms.isEmpty && effects.replyDroughts.isEmpty
        let totals = instants.map { instant in
            guard isPlain, instant < now else { return lasting.accountCounts(until: instant) }
            return world.pastCounts.counts(at: instant, or: lasting.accountCounts)
        }
        return mailboxes.map { mailbox in
            let shares = totals.map { total in total.mapped { share(of: $0, for: mailbox) } }
            return zip(shares.dropFirst(), shares).map { $0 - $1 }
        }
    }

    /// The sum over all campaigns, hidden ones included.
    private func accountCounts(until instant: SimulatedInstant) -> Counts {
        world.campaigns.reduce(Counts()) { $0 + statistics(of: $1, until: instant).total }
    }

    private func share(of number: Int, for mailbox: SimulatedMailbox) -> Int {
        (number + mailboxes.count - 1 - mailbox.index) / mailboxes.count
    }

    private func statistics(of campaign: SimulatedCampaign, until instant: SimulatedInstant) -> CampaignStatistics {
        let effects = world.localEffects(effects, on: campaign)
        let statistics = { instant in
            CampaignProgress(of: campaign, until: world.localTime(of: campaign, at: instant), effects).statistics()
        }
        var result = statistics(instant)
        if let reset = effects.reset { result = result.since(statistics(min(reset, instant))) }
        return effects.countersFall ? result.lowered() : result
    }
}
