// SPDX-License-Identifier: Apache-2.0

package import Exposition

/// The positions of the journal's series: the lines stay on disk, so that years of thousands of campaigns need little
/// memory.
package struct JournalIndex: Sendable {
    /// The position of a series.
    package struct Entry: Sendable, Hashable {
        /// The index in `BackfillFamilies.all`.
        package let family: Int32
        /// The index of the campaign in output order.
        package let campaign: Int32
        /// The offset of its line, in bytes.
        package let offset: Int
        /// The length of its line without the newline, in bytes.
        package let length: Int32
    }

    private struct CommitKey: Hashable {
        let part: String
        let campaign: Int32
    }

    private let campaigns: [[UInt8]: Int32]
    private var commits: Set<CommitKey> = []
    private var corrected: Set<Int32> = []
    private var starts: [Int32: Int] = [:]
    private var uncommitted: [Entry] = []
    private var committed: [Entry] = []

    /// The offset after the last commit record, in bytes; anything behind it is to be overwritten.
    package private(set) var end: Int

    /// An empty index.
    ///
    /// - Parameters:
    ///   - campaigns: the labels of the campaigns in output order; records of other campaigns are skipped.
    ///   - start: the offset of the first line, in bytes.
    package init(campaigns: [Labels], from start: Int) {
        self.campaigns = Dictionary(campaigns.enumerated().map { ($1.bytes, Int32($0)) }) { first, _ in first }
        end = start
    }

    /// The number of campaigns whose numbers were corrected.
    package var correctedCount: Int { corrected.count }

    /// Whether a part is complete for a campaign.
    package func contains(_ part: String, of campaign: Labels) -> Bool {
        campaigns[campaign.bytes].map { commits.contains(CommitKey(part: part, campaign: $0)) } ?? false
    }

    /// The last boundary before a campaign's first event; `nil` without events.
    package func start(of campaign: Int) -> Int? { starts[Int32(campaign)] }

    /// The series of a family, grouped by campaign in output order.
    package func entries(of family: Int) -> [(campaign: Int, entries: [Entry])] {
        Dictionary(grouping: committed.lazy.filter { $0.family == family }, by: \.campaign)
            .sorted { $0.key < $1.key }.map { (Int($0.key), $0.value) }
    }

    /// Adds the lines that start at an offset of the journal, up to the first incomplete or malformed one.
    ///
    /// - Returns: how many of the bytes were read.
    package mutating func read(_ bytes: [UInt8], at offset: Int) -> Int {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
            let record = JournalRecord(bytes[start..<end])
        {
            add(record, at: offset + start, length: end - start)
            start = end + 1
        }
        return start
    }

    /// Discards the series after the last commit record.
    package mutating func discardUncommitted() {
        uncommitted = []
    }

    private mutating func add(_ record: JournalRecord, at offset: Int, length: Int) {
        switch record {
        case .series(let family, _, _):
            uncommitted.append(Entry(family: Int32(family), campaign: -1, offset: offset, length: Int32(length)))
        case .commit(let commit):
            defer { (uncommitted, end) = ([], offset + length + 1) }
            guard let campaign = campaigns[commit.campaign] else { return }
            commits.insert(CommitKey(part: commit.part, campaign: campaign))
            if commit.isCorrected { corrected.insert(campaign) }
            if let start = commit.start { starts[campaign] = min(start, starts[campaign] ?? start) }
            committed += uncommitted.map {
                Entry(family: $0.family, campaign: campaign, offset: $0.offset, length: $0.length)
            }
        }
    }
}
