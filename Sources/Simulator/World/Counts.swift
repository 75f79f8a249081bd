// SPDX-License-Identifier: Apache-2.0

/// What is counted of a step's variant and of a campaign, each total rising as long as no fault says otherwise.
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

/// One number per count: of a step's variant, of a campaign, or of a whole account.
package struct Counts: Sendable, Hashable {
    private var counts = SIMD32<Int>()

    /// Zero of everything.
    package init() {}

    /// How many.
    package subscript(count: Count) -> Int {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    /// Whether nothing was counted.
    var isEmpty: Bool { self == Counts() }

    static func + (left: Counts, right: Counts) -> Counts { Counts(left.counts &+ right.counts) }

    static func - (left: Counts, right: Counts) -> Counts { Counts(left.counts &- right.counts) }

    /// Every number after a function.
    func mapped(_ transform: (Int) -> Int) -> Counts {
        Count.allCases.reduce(into: Counts()) { $0[$1] = transform(self[$1]) }
    }

    private init(_ counts: SIMD32<Int>) {
        self.counts = counts
    }
}

/// Every number of a campaign at a moment or of a span of time.
package struct CampaignNumbers: Sendable, Hashable {
    /// Leads in the campaign; can fall.
    package var leads: Int
    /// The numbers of its cells, in their order.
    package var cells: [Counts]
    /// The campaign's own: for messages and events the sum of the cells, for leads fewer, as one lead gets many messages.
    package var total: Counts

    /// What came about since `earlier`.
    func since(_ earlier: CampaignNumbers) -> CampaignNumbers {
        CampaignNumbers(
            leads: leads,
            cells: zip(cells, earlier.cells).map { $0 - $1 },
            total: total - earlier.total
        )
    }

    /// Every counter of three or more a little lower, none by half.
    func fallen() -> CampaignNumbers {
        let lower = { (number: Int) in number < 3 ? number : number - 1 - number / 100 }
        return CampaignNumbers(leads: leads, cells: cells.map { $0.mapped(lower) }, total: total.mapped(lower))
    }
}
