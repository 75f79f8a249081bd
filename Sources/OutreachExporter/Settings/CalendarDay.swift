// SPDX-License-Identifier: Apache-2.0

/// A day of the calendar, written `2024-01-31`.
struct CalendarDay: Hashable {
    /// The day as it was written.
    let text: String

    /// Reads a day that exists; `nil` for everything else.
    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            1...12 ~= month, day >= 1, day <= Self.days(of: month, in: year)
        else { return nil }
        self.text = text
    }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
