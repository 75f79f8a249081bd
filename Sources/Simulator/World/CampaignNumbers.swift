// SPDX-License-Identifier: Apache-2.0

/// Every number of a campaign at a moment or of a span of time.
package struct CampaignNumbers: Sendable, Hashable {
    /// Leads in the campaign; can fall.
    package var leads: Int
    /// The numbers of its cells, in their order.
    package var cells: [Tally]
    /// The campaign's own: for messages and events the sum of the cells, for leads fewer, as one lead gets many messages.
    package var total: Tally

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
