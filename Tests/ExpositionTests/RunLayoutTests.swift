// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exposition

@Suite struct RunLayoutTests {
    private static let usual = RunLayout.usualRows

    /// The rows of the runs, each as its accounts' names.
    private func runs(_ entries: [(account: String, rows: Int)], keeping starts: Set<String> = []) -> [[String]] {
        RunLayout(entries, keeping: starts).ranges.map { $0.map { entries[$0].account } }
    }

    private func fleet(_ count: Int, rows: Int) -> [(account: String, rows: Int)] {
        (0..<count).map { (account: String(1_000 + $0), rows: rows) }
    }

    @Test("Small accounts share runs of about the usual size, large ones have runs of their own")
    func sizes() {
        for count in [0, 1, 3, 100, 1_000, 2_345] {
            let layout = RunLayout(fleet(count, rows: 10), keeping: [])
            #expect(layout.ranges.flatMap(\.self) == Array(0..<count))
            #expect(layout.ranges.allSatisfy { $0.count * 10 <= 2 * Self.usual })
            #expect(layout.ranges.count <= 1 + count * 10 / Self.usual)
        }
        #expect(runs(fleet(5, rows: 3 * Self.usual)).map(\.count) == [1, 1, 1, 1, 1])
        #expect(runs(fleet(5, rows: 0)).map(\.count) == [5])
    }

    @Test("An added or removed account changes one run, whether or not that divides it")
    func stability() {
        var random = SystemRandomNumberGenerator()
        var entries = fleet(500, rows: 17)
        var before = runs(entries)
        for step in 0..<60 {
            let index = Int.random(in: 0..<entries.count, using: &random)
            if step % 3 == 2 {
                entries.remove(at: index)
            } else {
                // A name between its neighbours.
                entries.insert((account: entries[index].account + "-\(step)", rows: 17), at: index + 1)
            }
            let after = runs(entries, keeping: Set(before.map { $0[0] }))
            let changed = before.filter { !after.contains($0) }
            // The one, and its neighbour where they are joined.
            #expect(changed.count <= 2)
            #expect(after.flatMap(\.self) == entries.map(\.account))
            #expect(after.allSatisfy { $0.count * 17 <= 2 * Self.usual })
            before = after
        }
    }

    @Test("Runs that have dwindled are joined")
    func joining() {
        let many = runs(fleet(400, rows: 10))
        let few = fleet(400, rows: 10).enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        #expect(runs(few, keeping: Set(many.map { $0[0] })).count < many.count / 4)
    }
}
