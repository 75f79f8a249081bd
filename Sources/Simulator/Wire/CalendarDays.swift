// SPDX-License-Identifier: Apache-2.0

/// The days of the calendar that a client asks for, each beginning at its UTC midnight.
struct CalendarDays {
    /// The first instants of the days, in seconds since 1970.
    let midnights: StrideTo<Double>

    /// The numbers of each day on which some campaigns counted anything, all of them together.
    func rows(of campaigns: [CampaignPlan], in call: Call) -> [(date: String, tally: Tally)] {
        midnights.compactMap { midnight in
            let span = Span(from: call.clock.moment(of: midnight), to: call.clock.moment(of: midnight + .day))
            let tally = campaigns.reduce(Tally()) { $0 + call.scene.numbers(of: $1, within: span).total }
            return tally.isEmpty ? nil : (CivilDate(seconds: midnight).date, tally)
        }
    }
}

extension Call {
    /// The days between two dates as sent, ten years at most; without dates the last thirty.
    func days(from start: String?, to end: String?) -> CalendarDays {
        let last = min(end.flatMap(WireDate.seconds) ?? .infinity, clock.wallNow)
        let first = start.flatMap(WireDate.seconds).map { max($0, last - 3_660 * .day) } ?? (last - 29 * .day)
        return CalendarDays(midnights: stride(from: (first / .day).rounded(.down) * .day, to: last, by: .day))
    }
}
