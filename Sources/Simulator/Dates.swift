// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Dates as the providers' APIs write and read them, always in UTC.
extension Date {
    /// ISO 8601 with milliseconds: `2026-05-11T19:58:29.158Z`.
    var timestamp: String {
        // The style rounds down, which may lose a millisecond that binary fractions do not represent exactly.
        let milliseconds = (timeIntervalSince1970 * 1000).rounded(.down)
        return Date(timeIntervalSince1970: (milliseconds + 0.5) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// The day alone: `2026-05-11`.
    var day: String { formatted(.iso8601.year().month().day()) }

    /// JavaScript's `Date.toString()`: `Mon May 11 2026 19:58:29 GMT+0000 (Coordinated Universal Time)`.
    var javaScript: String {
        let parts = formatted(.iso8601).split { "-TZ".contains($0) }
        let days = Int((timeIntervalSince1970 / .day).rounded(.down))
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7 + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday) \(month) \(parts[2]) \(parts[0]) \(parts[3]) GMT+0000 (Coordinated Universal Time)"
    }

    /// Reads a date that a client sent: a day, meaning its midnight, or an ISO 8601 timestamp with its zone.
    init?(sent text: String) {
        let day = Date.ISO8601FormatStyle().year().month().day()
        let date = (try? Date.ISO8601FormatStyle().parse(text)) ?? (text.utf8.count == 10 ? try? day.parse(text) : nil)
        guard let date else { return nil }
        self = date
    }
}

/// A range of time that a client asks for; a bound that is `nil` is open.
struct DateRange {
    let from: SimulatedInstant?
    let to: SimulatedInstant?
}

extension DateRange {
    /// Reads the bounds from two query parameters, `to` being exclusive; `nil` for a parameter that is missing.
    ///
    /// - Throws: `invalid` where one is no date, or `from` is after `to`.
    init(from: String?, to: String?, _ call: APIRequest, or invalid: ProviderResponse) throws(ResponseError) {
        let dates = [from.map(call.start), to.map(call.end)]
        if dates.contains(.some(nil)) { throw ResponseError(response: invalid) }
        let (start, end) = (dates[0] ?? nil, dates[1] ?? nil)
        if let start, let end, start > end { throw ResponseError(response: invalid) }
        self.init(from: start.map(call.clock.instant), to: end.map(call.clock.instant))
    }
}

extension APIRequest {
    /// The start of a range as sent, in seconds since 1970; `nil` where it is no date.
    fileprivate func start(_ text: String) -> Double? { Date(sent: text)?.timeIntervalSince1970 }

    /// The end of a range as sent, exclusive; with `inclusive-end-date` a day without a time belongs to the range.
    fileprivate func end(_ text: String) -> Double? {
        let includesDay = faults.contains(.inclusiveEndDate) && text.utf8.count == 10
        return start(text).map { includesDay ? $0 + .day : $0 }
    }

    /// The counts of some campaigns together, for each UTC day that has any.
    ///
    /// - Parameters:
    ///   - campaigns: the campaigns whose counts are added.
    ///   - start: the first day as sent, at most ten years before the last; 29 days before the last where it is no
    ///     date.
    ///   - end: the last day as sent, exclusive; now where it is no date or later than now.
    /// - Returns: the days in ascending order, each as `2026-05-11` with its counts.
    func dailyCounts(
        of campaigns: [SimulatedCampaign],
        from start: String?,
        to end: String?
    ) -> [(date: String, counts: Counts)] {
        midnights(from: start, to: end).compactMap { midnight in
            let day = DateRange(from: clock.instant(of: midnight), to: clock.instant(of: midnight + .day))
            let counts = campaigns.reduce(Counts()) { $0 + snapshot.statistics(of: $1, within: day).total }
            return counts.isEmpty ? nil : (Date(timeIntervalSince1970: midnight).day, counts)
        }
    }

    /// The starts of the UTC days within a range as sent, in seconds since 1970; the parameters are those of
    /// `dailyCounts`.
    func midnights(from start: String?, to end: String?) -> [Double] {
        let last = min(end.flatMap(self.end) ?? .infinity, clock.wallTime)
        let first = start.flatMap(self.start).map { max($0, last - 3_660 * .day) } ?? (last - 29 * .day)
        return Array(stride(from: (first / .day).rounded(.down) * .day, to: last, by: .day))
    }
}
