// SPDX-License-Identifier: Apache-2.0

/// What is counted per variant and per campaign; no count falls unless a fault says so.
package enum Count: Int, Sendable, CaseIterable {
    // Messages, once per lead and step.
    case sent, notSent, delivered, bounced, opened, clicked, replied, repliedAutomatically
    // Events, repeats included.
    case opens, clicks, replies, automaticReplies, opportunities
    // What follows from a message, once per lead.
    case unsubscribed, interested, notInterested, meetingsBooked, meetingsCompleted, won
    // LinkedIn invitations.
    case invited, accepted
    // Leads of the campaign, not known per step.
    case contacted, leadsReached, leadsOpened, leadsClicked, leadsReplied, leadsRepliedAutomatically, leadsCompleted
    case leadsInterrupted
}

/// One number per `Count`: of a variant, a campaign or an account.
package struct Counts: Sendable, Hashable {
    private var counts = SIMD32<Int>()

    package init() {}

    package subscript(count: Count) -> Int {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    var isEmpty: Bool { self == Counts() }

    static func + (left: Counts, right: Counts) -> Counts { Counts(left.counts &+ right.counts) }

    static func - (left: Counts, right: Counts) -> Counts { Counts(left.counts &- right.counts) }

    func mapped(_ transform: (Int) -> Int) -> Counts {
        Count.allCases.reduce(into: Counts()) { $0[$1] = transform(self[$1]) }
    }

    private init(_ counts: SIMD32<Int>) {
        self.counts = counts
    }
}

/// The statistics of a campaign until an instant or within a range.
package struct CampaignStatistics: Sendable, Hashable {
    /// Leads in the campaign; can fall.
    package var leads: Int
    /// The counts of its variants, in their order.
    package var variants: [Counts]
    /// The counts of the campaign: sums of the variants for messages and events, fewer for leads, as a lead gets many
    /// messages.
    package var total: Counts

    /// The difference to an earlier instant.
    func since(_ earlier: CampaignStatistics) -> CampaignStatistics {
        CampaignStatistics(
            leads: leads,
            variants: zip(variants, earlier.variants).map { $0 - $1 },
            total: total - earlier.total
        )
    }

    /// Every count of at least 3 lower by 1 plus 1 %: the `counters-fall` fault.
    func lowered() -> CampaignStatistics {
        let lower = { (number: Int) in number < 3 ? number : number - 1 - number / 100 }
        return CampaignStatistics(leads: leads, variants: variants.map { $0.mapped(lower) }, total: total.mapped(lower))
    }
}
