// SPDX-License-Identifier: Apache-2.0

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
