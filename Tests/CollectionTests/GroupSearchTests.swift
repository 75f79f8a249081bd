// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct GroupSearchTests {
    private static let all = (0..<2_000).map { Campaign(id: ScriptedSource.World.id($0)) }

    /// Searches to the end; returns what it cost.
    private static func run(_ search: inout GroupSearch, moved: Set<String>) -> Int {
        var questions = 0
        while !search.questions.isEmpty {
            questions += search.questions.count
            search.settle(search.questions.map { group in !group.contains { moved.contains($0.id) } })
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
        var search = GroupSearch(Self.all, groupsOf: 50)
        #expect(Self.run(&search, moved: moved) <= 40 + 12 * count)
        #expect(Set(search.moved.flatMap(\.self)) == moved)
        #expect(search.unmoved.count == 2_000 - count)
        #expect(!search.isContradictory)
    }

    @Test("Where too many moved it ends early, and counts whole groups as moved", arguments: [1, 2, 3, 10])
    func tooMany(apart: Int) {
        let moved = Set(Self.all.map(\.id).enumerated().filter { $0.offset % apart == 0 }.map(\.element))
        var search = GroupSearch(Self.all, groupsOf: 50)
        #expect(Self.run(&search, moved: moved) <= 40 + 500)
        #expect(moved.isSubset(of: search.moved.flatMap(\.self)))
        #expect(search.moved.flatMap(\.self).count + search.unmoved.count == 2_000)
    }
    @Test("A crowd that lies together is not asked about one by one")
    func crowd() {
        let moved = Set(Self.all[100..<150].map(\.id))
        var search = GroupSearch(Self.all, groupsOf: 50)
        #expect(Self.run(&search, moved: moved) == 40 + 2 + 4 + 8)
        #expect(Set(search.moved.flatMap(\.self)) == moved)
        #expect(search.unmoved.count == 1_950)
    }

    @Test("Few campaigns are all found, whatever moved", arguments: 0...9)
    func few(count: Int) {
        var search = GroupSearch(Array(Self.all.prefix(count)), groupsOf: 50)
        #expect(Self.run(&search, moved: Set(Self.all.map(\.id))) <= 1 + 32)
        #expect(search.moved.flatMap(\.self).count == count)
    }

    @Test("A group that moved without either of its halves is a contradiction")
    func contradiction() {
        var search = GroupSearch(Array(Self.all.prefix(8)), groupsOf: 4)
        search.settle([true, false])
        #expect(!search.isContradictory)
        #expect(search.questions.map(\.count) == [2, 2])
        search.settle([true, true])
        #expect(search.isContradictory)
        #expect(search.questions.isEmpty)
        #expect(search.moved.isEmpty)
    }
}
