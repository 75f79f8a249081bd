// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct ChangeSearchTests {
    private static let all = (0..<2_000).map { Campaign(id: ScriptedSource.World.id($0)) }

    /// Searches to the end; returns what it cost.
    private static func run(_ search: inout ChangeSearch, moved: Set<String>) -> Int {
        var questions = 0
        while !search.groups.isEmpty {
            questions += search.groups.count
            search.record(search.groups.map { group in !group.contains { moved.contains($0.id) } })
        }
        return questions
    }

    @Test(
        "Every campaign that moved is found, for a dozen questions each",
        arguments: [0, 1, 2, 10, 20],
        [1, 2, 3] as [UInt64]
    )
    func finds(count: Int, seed: UInt64) {
        var chance = SeededChance(seed)
        let moved = Set(Self.all.shuffled(using: &chance).prefix(count).map(\.id))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, moved: moved) <= 40 + 12 * count)
        #expect(Set(search.changed.flatMap(\.self)) == moved)
        #expect(search.unchanged.count == 2_000 - count)
        #expect(!search.isInconsistent)
    }

    @Test("Where too many moved it ends early, and counts whole groups as moved", arguments: [1, 2, 3, 10])
    func tooMany(apart: Int) {
        let moved = Set(Self.all.map(\.id).enumerated().filter { $0.offset % apart == 0 }.map(\.element))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, moved: moved) <= 40 + 500)
        #expect(moved.isSubset(of: search.changed.flatMap(\.self)))
        #expect(search.changed.flatMap(\.self).count + search.unchanged.count == 2_000)
    }

    @Test("A crowd that lies together is not asked about one by one")
    func crowd() {
        let moved = Set(Self.all[100..<150].map(\.id))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, moved: moved) == 40 + 2 + 4 + 8)
        #expect(Set(search.changed.flatMap(\.self)) == moved)
        #expect(search.unchanged.count == 1_950)
    }

    @Test("Few campaigns are all found, whatever moved", arguments: 0...9)
    func few(count: Int) {
        var search = ChangeSearch(Array(Self.all.prefix(count)), groupSize: 50)
        #expect(Self.run(&search, moved: Set(Self.all.map(\.id))) <= 1 + 32)
        #expect(search.changed.flatMap(\.self).count == count)
    }

    @Test("A group that moved without either of its halves is a contradiction")
    func contradiction() {
        var search = ChangeSearch(Array(Self.all.prefix(8)), groupSize: 4)
        search.record([true, false])
        #expect(!search.isInconsistent)
        #expect(search.groups.map(\.count) == [2, 2])
        search.record([true, true])
        #expect(search.isInconsistent)
        #expect(search.groups.isEmpty)
        #expect(search.changed.isEmpty)
    }
}

@Suite struct ProbeSuspensionTests {
    @Test("Trust lost comes back after twice the time, up to a day, and at once where the sums add up")
    func patience() {
        let start = ContinuousClock.now
        var suspension = ProbeSuspension()
        #expect(suspension.allowsProbe(at: start))
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            suspension.suspend(at: start)
            #expect(!suspension.allowsProbe(at: start + .seconds(hours * 3600 - 1)))
            #expect(suspension.allowsProbe(at: start + .seconds(hours * 3600)))
        }
        suspension.reset()
        #expect(suspension.allowsProbe(at: start))
        suspension.suspend(at: start)
        #expect(suspension.allowsProbe(at: start + .seconds(3600)))
    }
}
