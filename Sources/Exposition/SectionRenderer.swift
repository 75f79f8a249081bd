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
