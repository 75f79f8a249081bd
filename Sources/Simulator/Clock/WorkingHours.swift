// SPDX-License-Identifier: Apache-2.0

/// When a campaign sends: Monday to Friday, eight hours a day, less at noon, and most in the middle of the week.
struct WorkingHours {
    /// The share of a usual day's work that each weekday does, from Monday on, added up.
    private static let doneByWeekday: [Double] = [0, 0.9, 2, 3.15, 4.25, 5]

    /// When the day's work begins, in seconds after midnight UTC.
    let opening: Double

    /// Usual days of work done from a Monday long ago until a moment; never falls.
    func daysWorked(until moment: Moment) -> Double {
        // 1970-01-05 was a Monday.
        let seconds = moment.seconds - 4 * .day - opening
        let weeks = (seconds / .week).rounded(.down)
        let inWeek = seconds - weeks * .week
        let weekday = Int(inWeek / .day)
        guard weekday < 5 else { return (weeks + 1) * 5 }
        let done = WorkingHours.doneByWeekday
        let part = min(1, (inWeek - Double(weekday) * .day) / (8 * .hour))
        let share = part - 0.4 * Wave.height(at: 2 * part)
        return weeks * 5 + done[weekday] + (done[weekday + 1] - done[weekday]) * share
    }
}
