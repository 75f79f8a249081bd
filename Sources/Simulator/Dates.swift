// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A date and time of the Gregorian calendar in UTC, in the three spellings that the providers use.
struct CivilDate {
    private let seconds: Double
    private let days: Int
    private let (year, month, day): (Int, Int, Int)

    /// Takes seconds since 1970 apart.
    init(seconds: Double) {
        self.seconds = seconds
        days = Int((seconds / .day).rounded(.down))
        (year, month, day) = CivilDate.civil(days: days)
    }

    /// The date and time as in `2026-05-11T19:58:29.158Z`.
    var timestamp: String { "\(date)T\(time).\(pad(Int(seconds * 1000) % 1000, to: 3))Z" }

    /// The date as in `2026-05-11`.
    var date: String { "\(pad(year, to: 4))-\(pad(month))-\(pad(day))" }

    /// The date and time as JavaScript prints them: `Mon May 11 2026 19:58:29 GMT+0000 (Coordinated Universal Time)`.
    var javaScript: String {
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7 + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday) \(months[month - 1]) \(pad(day)) \(year) \(time) GMT+0000 (Coordinated Universal Time)"
    }

    private var time: String {
        let second = Int((seconds - Double(days) * .day).rounded(.down))
        return "\(pad(second / 3600)):\(pad(second / 60 % 60)):\(pad(second % 60))"
    }

    private func pad(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Year, month and day of a day counted from 1970-01-01: Howard Hinnant's `civil_from_days`.
    private static func civil(days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fifth = (5 * dayOfYear + 2) / 153
        let month = fifth < 10 ? fifth + 3 : fifth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fifth + 2) / 5 + 1)
    }
}

/// A date as clients send it: a day, or an ISO 8601 timestamp with its zone.
enum WireDate {
    /// Seconds since 1970, a day being its UTC midnight; `nil` for anything else.
    static func seconds(_ text: String) -> Double? {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let date = (try? Date.ISO8601FormatStyle().parse(text)) ?? (text.utf8.count == 10 ? try? day.parse(text) : nil)
        return date?.timeIntervalSince1970
    }
}

/// The days of the calendar that a client asks for, each beginning at its UTC midnight.
struct CalendarDays {
    /// The first instants of the days, in seconds since 1970.
    let midnights: StrideTo<Double>

    /// The numbers of each day on which some campaigns counted anything, all of them together.
    func rows(of campaigns: [CampaignPlan], in call: APIRequest) -> [(date: String, tally: Counts)] {
        midnights.compactMap { midnight in
            let span = DateRange(from: call.clock.moment(of: midnight), to: call.clock.moment(of: midnight + .day))
            let tally = campaigns.reduce(Counts()) { $0 + call.scene.numbers(of: $1, within: span).total }
            return tally.isEmpty ? nil : (CivilDate(seconds: midnight).date, tally)
        }
    }
}

extension APIRequest {
    /// The days between two dates as sent, ten years at most; without dates the last thirty.
    func days(from start: String?, to end: String?) -> CalendarDays {
        let last = min(end.flatMap(WireDate.seconds) ?? .infinity, clock.wallNow)
        let first = start.flatMap(WireDate.seconds).map { max($0, last - 3_660 * .day) } ?? (last - 29 * .day)
        return CalendarDays(midnights: stride(from: (first / .day).rounded(.down) * .day, to: last, by: .day))
    }
}

/// A span of the calendar that a client asks for, as moments; an end that is missing is open.
struct DateRange {
    let from: Moment?
    let to: Moment?

    /// All time.
    static let whole = DateRange(from: nil, to: nil)

    /// Reads two dates.
    ///
    /// - Throws: `wrong`.
    /// - Parameters:
    ///   - from: the first date as sent.
    ///   - to: the date after the last as sent.
    ///   - clock: translates dates into moments.
    ///   - wrong: the answer to dates that are none, or in the wrong order.
    init(from: String?, to: String?, _ clock: SimulatedClock, or wrong: SimulatedResponse) throws(Refusal) {
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

extension WorldSnapshot {
    /// What the provider reports of a campaign for a span.
    func numbers(of campaign: CampaignPlan, within span: DateRange) -> CampaignNumbers {
        numbers(of: campaign, from: span.from, to: span.to)
    }
}
