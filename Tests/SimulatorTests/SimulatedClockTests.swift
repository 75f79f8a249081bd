// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Simulator

@Suite struct SimulatedClockTests {
    @Test(
        "Dates are spelled as the providers spell them",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z", "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"),
            (
                951_782_399.5, "2000-02-28T23:59:59.500Z",
                "Mon Feb 28 2000 23:59:59 GMT+0000 (Coordinated Universal Time)"
            ),
            (951_782_400, "2000-02-29T00:00:00.000Z", "Tue Feb 29 2000 00:00:00 GMT+0000 (Coordinated Universal Time)"),
            (
                1_778_529_509.158, "2026-05-11T19:58:29.158Z",
                "Mon May 11 2026 19:58:29 GMT+0000 (Coordinated Universal Time)"
            ),
        ]
    )
    func spelling(seconds: Double, timestamp: String, javaScript: String) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(date.timestamp == timestamp)
        #expect(date.day == timestamp.prefix(10))
        #expect(date.javaScript == javaScript)
    }

    @Test("Every day of four centuries reads back as itself")
    func calendar() {
        for day in stride(from: -130_000.0, through: 150_000, by: 997) {
            #expect(Date(sent: Date(timeIntervalSince1970: day * .day).day) == Date(timeIntervalSince1970: day * .day))
        }
    }

    @Test("Days and timestamps are dates, other texts are not")
    func reading() {
        #expect(Date(sent: "2026-05-11")?.timeIntervalSince1970 == 1_778_457_600)
        #expect(Date(sent: "2026-05-11T02:00:00.500+02:00")?.timeIntervalSince1970 == 1_778_457_600.5)
        for text in ["", "yesterday", "2026-13-01", "11.05.2026"] { #expect(Date(sent: text) == nil) }
    }

    @Test("The calendar never shows a date to come, however fast the world runs")
    func future() {
        let wall = ManualClock()
        let clock = SimulatedClock(speed: 600, wall: { wall.now })
        let start = clock.now
        wall.advance(3600)
        #expect(clock.now - start == 600 * 3600)
        #expect(clock.date(of: clock.now) == wall.now)
        #expect(clock.date(of: start - .day) == start.seconds - .day)
        #expect(clock.instant(of: wall.now - 1800) - start == 600 * 1800)
        #expect(clock.instant(of: wall.now + 9999) == clock.now)
        #expect(clock.instant(of: start.seconds - 55) == start - 55)
    }

    @Test("A clock that stands still goes on where it stood")
    func standstill() {
        let wall = ManualClock()
        let clock = SimulatedClock(speed: 600, wall: { wall.now })
        wall.advance(10)
        clock.setSpeed(0)
        let stood = clock.now
        wall.advance(1000)
        #expect(clock.now == stood)
        clock.setSpeed(2)
        wall.advance(10)
        #expect(clock.now - stood == 20)
        #expect(clock.date(of: clock.now) == wall.now)
    }
}
