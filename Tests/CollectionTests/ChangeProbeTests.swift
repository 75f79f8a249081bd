// SPDX-License-Identifier: Apache-2.0

import Outreach
import TestSupport
import Testing

@testable import Collection

@Suite struct ChangeSearchTests {
    private static let all = (0..<2_000).map { Campaign(id: ScriptedSource.World.id($0)) }

    /// Searches to the end; returns the number of requests.
    private static func run(_ search: inout ChangeSearch, changed: Set<String>) -> Int {
        var requests = 0
        while !search.groups.isEmpty {
            requests += search.groups.count
            search.record(search.groups.map { group in !group.contains { changed.contains($0.id) } })
        }
        return requests
    }

    @Test(
        "Every changed campaign is found, with twelve requests each",
        arguments: [0, 1, 2, 10, 20],
        [1, 2, 3] as [UInt64]
    )
    func finds(count: Int, seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let changed = Set(Self.all.shuffled(using: &chance).prefix(count).map(\.id))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, changed: changed) <= 40 + 12 * count)
        #expect(Set(search.changed.flatMap(\.self)) == changed)
        #expect(search.unchanged.count == 2_000 - count)
        #expect(!search.isInconsistent)
    }

    @Test("With too many changed campaigns it ends early, and whole groups count as changed", arguments: [1, 2, 3, 10])
    func tooMany(apart: Int) {
        let changed = Set(Self.all.map(\.id).enumerated().filter { $0.offset % apart == 0 }.map(\.element))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, changed: changed) <= 40 + 500)
        #expect(changed.isSubset(of: search.changed.flatMap(\.self)))
        #expect(search.changed.flatMap(\.self).count + search.unchanged.count == 2_000)
    }

    @Test("Groups of changed campaigns are not divided down to single ones")
    func neighbours() {
        let changed = Set(Self.all[100..<150].map(\.id))
        var search = ChangeSearch(Self.all, groupSize: 50)
        #expect(Self.run(&search, changed: changed) == 40 + 2 + 4 + 8)
        #expect(Set(search.changed.flatMap(\.self)) == changed)
        #expect(search.unchanged.count == 1_950)
    }

    @Test("A few campaigns that all changed are all found", arguments: 0...9)
    func few(count: Int) {
        var search = ChangeSearch(Array(Self.all.prefix(count)), groupSize: 50)
        #expect(Self.run(&search, changed: Set(Self.all.map(\.id))) <= 1 + 32)
        #expect(search.changed.flatMap(\.self).count == count)
    }

    @Test("A changed group with two unchanged halves is inconsistent")
    func inconsistent() {
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
    @Test("Each suspension lasts twice as long as the last, up to a day; a reset starts over")
    func duration() {
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
