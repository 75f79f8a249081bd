// SPDX-License-Identifier: Apache-2.0

/// A span of the calendar that a client asks for, as moments; an end that is missing is open.
struct Span {
    let from: Moment?
    let to: Moment?

    /// All time.
    static let whole = Span(from: nil, to: nil)

    /// Reads two dates.
    ///
    /// - Throws: `wrong`.
    /// - Parameters:
    ///   - from: the first date as sent.
    ///   - to: the date after the last as sent.
    ///   - clock: translates dates into moments.
    ///   - wrong: the answer to dates that are none, or in the wrong order.
    init(from: String?, to: String?, _ clock: SimulatedClock, or wrong: WireAnswer) throws(Refusal) {
        let dates = [from, to].map { $0.map(WireDate.seconds) }
        if dates.contains(where: { $0 == .some(nil) }) { throw Refusal(answer: wrong) }
        if let start = dates[0] ?? nil, let end = dates[1] ?? nil, start > end { throw Refusal(answer: wrong) }
        self.init(
            from: (dates[0] ?? nil).map { clock.moment(of: $0) },
            to: (dates[1] ?? nil).map { clock.moment(of: $0) }
        )
    }

    init(from: Moment?, to: Moment?) {
        self.from = from
        self.to = to
    }
}

extension Scene {
    /// What the provider reports of a campaign for a span.
    func numbers(of campaign: CampaignPlan, within span: Span) -> CampaignNumbers {
        numbers(of: campaign, from: span.from, to: span.to)
    }
}
