// SPDX-License-Identifier: Apache-2.0

import Outreach
import Testing

@testable import Collection

@Suite struct FetchedEntriesTests {
    private let start = ContinuousClock.now
    private let last = FetchedEntries(
        ["a": "a1", "b": "b1", "c": "c1"],
        fetched: .now
    )

    @Test("A complete response replaces everything")
    func complete() {
        let next = last.replaced(by: ["a": "a2"], isComplete: true, at: start, keepingSince: start - .seconds(60))
        #expect(next.sorted == ["a2"])
        #expect(next.earlier.isEmpty)
    }

    @Test("Entries that a failed request left out stay with their own time, until they are too old")
    func missing() {
        let asked = last.fetched + .seconds(30)
        let next = last.replaced(by: ["a": "a2"], isComplete: false, at: asked, keepingSince: asked - .seconds(60))
        #expect(next.sorted == ["a2", "b1", "c1"])
        #expect(next.earlier == ["b": last.fetched, "c": last.fetched])
        let later = asked + .seconds(40)
        let afterwards = next.replaced(
            by: ["a": "a3"],
            isComplete: false,
            at: later,
            keepingSince: later - .seconds(60)
        )
        #expect(afterwards.sorted == ["a3"])
        #expect(next.values(since: last.fetched) == ["a2"])
    }

    @Test("An incomplete entry is completed by its predecessor, and keeps the time at which that was complete")
    func incomplete() {
        let asked = last.fetched + .seconds(30)
        let next = last.replaced(
            by: ["a": "a2", "b": "b2"],
            incomplete: ["a"],
            isComplete: true,
            at: asked,
            keepingSince: asked - .seconds(60),
            completed: { $0 + $1 }
        )
        #expect(next.sorted == ["a2a1", "b2"])
        #expect(next.earlier == ["a": last.fetched])
    }
}
