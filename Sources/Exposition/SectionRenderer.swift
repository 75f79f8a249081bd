// SPDX-License-Identifier: Apache-2.0

/// Renders sections and runs in one syntax and coding.
struct SectionRenderer {
    let key: RenderKey
    private let encoder: BlockEncoder

    init(_ key: RenderKey) {
        self.key = key
        encoder = BlockEncoder(key.coding)
    }

    /// Renders a section; of `previous` it takes over the runs, and within a run the blocks, that have not changed.
    func render(_ section: some Section, reusing previous: RenderedSection?) -> RenderedSection {
        let entries = section.entries(of: nil)
        let starts = Set(previous?.runs.map { $0.stamps[0].account } ?? [])
        let layout = RunLayout(entries.map { ($0.account, $0.rows) }, keeping: starts)
        let isDivided = !layout.isSmall
        let previous = previous?.isDivided == isDivided ? previous : nil
        let old = Dictionary(previous?.runs.map { ($0.stamps[0].account, $0) } ?? []) { first, _ in first }
        let runs = layout.ranges.map { range in
            render(section, entries[range], reusing: old[entries[range.lowerBound].account], isDivided: isDivided)
        }
        let headers = previous?.headers ?? (isDivided ? headers(of: section) : [.empty])
        return RenderedSection(runs, headers: headers, isDivided: isDivided, reusing: previous)
    }

    /// Renders entries as one run, unless `previous` has them already.
    func render<Source: Section>(
        _ section: Source,
        _ entries: ArraySlice<SectionEntry<Source.Content>>,
        reusing previous: RenderedRun?,
        isDivided: Bool = true
    ) -> RenderedRun {
        let stamps = entries.map(\.stamp)
        if let previous, previous.stamps == stamps { return previous }
        encoder.start(reusing: previous?.blocks ?? [])
        var writer = ExpositionWriter(key.syntax, into: encoder, isDivided: isDivided)
        section.write(entries.map(\.content), to: &writer)
        writer.endBlocks()
        let blocks = encoder.finish()
        precondition(blocks.count == (isDivided ? section.families.count : 1), "a section opens all of its families")
        return RenderedRun(stamps: stamps, blocks: blocks)
    }

    /// The metadata of every family of a section.
    func headers(of section: some Section) -> [Block] {
        encoder.start(reusing: [])
        for family in section.families {
            encoder.append(family.header(in: key.syntax).span, fingerprint: 0)
            encoder.endBlock(seriesCount: 0)
        }
        return encoder.finish()
    }
}

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
