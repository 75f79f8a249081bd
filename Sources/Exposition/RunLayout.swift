// SPDX-License-Identifier: Apache-2.0

/// Divides the entries of a section into runs: consecutive entries that are rendered together.
///
/// Small accounts share a run, because a few lines by themselves compress badly; a large account is a run of its own,
/// because a change renders the whole run. Borders stay where they were as long as runs neither overflow nor dwindle, so that
/// an added account changes one run.
struct RunLayout {
    /// The number of rows of a run at first: about as many lines as are compressed together.
    static let usualRows = 400

    /// The ranges of the runs in `entries`.
    let ranges: [Range<Int>]
    /// Whether a single run of small accounts is everything.
    let isSmall: Bool

    /// - Parameters:
    ///   - entries: account and number of rows of each entry, in the order of the page.
    ///   - starts: the accounts that runs started with before.
    init(_ entries: [(account: String, rows: Int)], keeping starts: Set<String>) {
        var groups: [(range: Range<Int>, rows: Int)] = []
        for (index, entry) in entries.enumerated() {
            if let last = groups.indices.last, !starts.contains(entry.account) {
                groups[last].range = groups[last].range.lowerBound..<index + 1
                groups[last].rows += entry.rows
            } else {
                groups.append((index..<index + 1, entry.rows))
            }
        }
        ranges = Self.joined(groups).flatMap { group in
            group.rows <= 2 * Self.usualRows ? [group.range] : Self.divided(group.range, group.rows, entries)
        }
        isSmall = ranges.count == 1 && groups.reduce(0) { $0 + $1.rows } <= 2 * Self.usualRows
    }

    /// Joins neighbours that fit into one run.
    private static func joined(_ groups: [(range: Range<Int>, rows: Int)]) -> [(range: Range<Int>, rows: Int)] {
        groups.reduce(into: []) { joined, group in
            if let last = joined.indices.last, joined[last].rows + group.rows <= usualRows {
                joined[last].range = joined[last].range.lowerBound..<group.range.upperBound
                joined[last].rows += group.rows
            } else {
                joined.append(group)
            }
        }
    }

    /// Divides a group evenly into parts of about the usual size.
    private static func divided(
        _ range: Range<Int>,
        _ rows: Int,
        _ entries: [(account: String, rows: Int)]
    ) -> [Range<Int>] {
        let size = rows / (rows / usualRows)
        var parts: [Range<Int>] = []
        var (start, before) = (range.lowerBound, 0)
        for index in range {
            let after = before + entries[index].rows
            // A part ends with the entry that crosses a multiple of the size.
            if after / size > before / size || index == range.upperBound - 1 {
                parts.append(start..<index + 1)
                start = index + 1
            }
            before = after
        }
        return parts
    }
}
