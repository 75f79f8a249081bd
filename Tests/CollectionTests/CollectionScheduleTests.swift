// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Collection

@Suite struct CollectionScheduleTests {
    private let start = ContinuousClock.now

    @Test("A cycle within its interval misses nothing, a longer one the starts that passed")
    func missed() {
        var schedule = CollectionSchedule(interval: .seconds(60), from: start, jitter: .none)
        #expect(schedule.next == start)
        #expect(schedule.advance(to: start + .seconds(59)) == 0)
        #expect(schedule.next == start + .seconds(60))
        #expect(schedule.advance(to: start + .seconds(119)) == 0)
        #expect(schedule.advance(to: start + .seconds(185)) == 1)
        #expect(schedule.next == start + .seconds(240))
        #expect(schedule.advance(to: start + .seconds(1000)) == 12)
        #expect(schedule.next == start + .seconds(1020))
    }

    @Test("Starts are spread and delayed by a twentieth of the interval at most, and never by more than ten seconds")
    func jitter() {
        for (interval, limit) in [(Duration.seconds(60), Duration.seconds(3)), (.seconds(3600), .seconds(10))] {
            let late = Jitter { 0.999 }
            let schedule = CollectionSchedule(interval: interval, from: start, jitter: late)
            #expect(schedule.next < start + limit && schedule.next > start + limit * 0.99)
            #expect(schedule.start(jitter: late) < schedule.next + limit)
            #expect(schedule.start(jitter: late) > schedule.next + limit * 0.99)
        }
    }

    @Test("A cycle is given up after four intervals, at least a quarter of an hour")
    func deadline() {
        #expect(CollectionSchedule.deadline(from: start, interval: .seconds(60)) == start + .seconds(900))
        #expect(CollectionSchedule.deadline(from: start, interval: .seconds(300)) == start + .seconds(1200))
    }
}
