// SPDX-License-Identifier: Apache-2.0

import Backfill
import Testing

/// Days of the calendar, counted and written.
@Suite struct DayTests {
    @Test(
        "a day is what it reads as",
        arguments: [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-21", 20_778), ("1969-12-31", -1)]
    )
    func text(_ text: String, number: Int) {
        #expect(Day(text) == Day(number: number))
        #expect("\(Day(number: number))" == text)
    }

    @Test("every day of four centuries reads as itself")
    func everyDay() {
        for number in -10_000..<140_000 where Day("\(Day(number: number))")?.number != number {
            Issue.record("\(number) is written \(Day(number: number))")
        }
    }

    @Test("what is no date is no day", arguments: ["", "2026", "2026-13-01", "2026-00-10", "tomorrow", "2026-1-x"])
    func nonsense(_ text: String) {
        #expect(Day(text) == nil)
    }

    @Test("a timestamp lies in its day")
    func moment() {
        #expect(Day("2026-11-21T23:59:59Z") == Day(containing: 1_795_305_599))
        #expect(Day(containing: -1) == Day(number: -1))
        #expect(Day(number: 3).start == 259_200)
    }
}
