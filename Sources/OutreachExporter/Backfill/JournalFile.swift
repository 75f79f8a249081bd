// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Glibc
internal import Backfill
internal import Outreach
internal import Synchronization

/// The output file, written in one pass over the journal and renamed when it is complete.
struct OutputFile: Sendable {
    let options: BackfillOptions
    let accounts: [BackfillAccount]
    /// The ids of the campaigns that are left out, for each of the accounts.
    let incomplete: [Set<String>]
    let journal: Journal

    /// Writes the file; returns the numbers of its series and samples.
    func write() throws(StorageError) -> (series: Int, samples: Int) {
        try DurableFile(path: options.output).replace(mode: 0o644) { file throws(StorageError) in
            var writer = OpenMetricsWriter(options.grid, adding: options.labels) { bytes throws(StorageError) in
                try file.append(bytes)
            }
            try write(to: &writer)
            return (writer.series, writer.samples)
        }
    }

    private func write(to writer: inout OpenMetricsWriter<StorageError>) throws(StorageError) {
        let index = journal.index
        let campaigns = campaigns
        for (number, family) in BackfillFamilies.all.enumerated() {
            writer.begin(family)
            if number == BackfillFamilies.campaignInfo { try writeNames(of: campaigns, to: &writer, index) }
            for (campaign, lines) in index.entries(of: number) where campaigns[campaign].isComplete {
                let birth = index.start(of: campaign) ?? options.grid.days.count
                for (labels, track) in try series(lines) { try writer.write(track, labels, from: birth) }
            }
        }
        try writer.end()
    }

    /// The series of some journal records, sorted, so that the output does not depend on the order of the requests.
    private func series(_ lines: [JournalIndex.Entry]) throws(StorageError) -> [(labels: [UInt8], track: StepSeries)] {
        var tracks: [[UInt8]: [StepSeries]] = [:]
        for line in lines {
            let (labels, track) = try journal.series(line)
            tracks[labels, default: []].append(track)
        }
        return tracks.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
            ($0.key, StepSeries(joining: $0.value))
        }
    }

    /// Writes the info series with today's names, from each campaign's first event on; dashboards join with them.
    private func writeNames(
        of campaigns: [OutputCampaign],
        to writer: inout OpenMetricsWriter<StorageError>,
        _ index: JournalIndex
    ) throws(StorageError) {
        for (number, campaign) in campaigns.enumerated() where campaign.isComplete {
            guard let name = campaign.name else { continue }
            let birth = index.start(of: number) ?? options.grid.days.count
            try writer.write(.one, campaign.labels.adding("name", name).bytes, from: birth)
        }
    }

    private struct OutputCampaign {
        let labels: Labels
        let name: String?
        let isComplete: Bool
    }

    /// All campaigns in output order, which is the numbering of the journal's index.
    private var campaigns: [OutputCampaign] {
        zip(accounts, incomplete).flatMap { account, incomplete in
            account.campaigns.map {
                OutputCampaign(
                    labels: account.labels(of: $0.id),
                    name: $0.name,
                    isComplete: !incomplete.contains($0.id)
                )
            }
        }
    }
}

/// The journal of a backfill: the answers received so far, from which an interrupted backfill resumes.
///
/// Records are only appended. An incomplete record at the end is cut off when the file is opened again.
final class Journal: Sendable {
    private let file: OpenFile
    private let state: Mutex<JournalIndex>

    /// The time limit of one write.
    private static let timeout = Duration.seconds(60)
    private static let chunk = 1 << 20

    /// Opens or creates the file, locks it against other processes, and reads it; `nil` where its title is another one.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - title: its first line, from `BackfillOptions.title`.
    ///   - campaigns: the campaigns' labels in the order of the metrics page.
    /// - Throws: `StorageError`.
    init?(_ path: String, title: String, campaigns: [Labels]) throws(StorageError) {
        let head = Array("\(title)\n".utf8)
        state = Mutex(JournalIndex(campaigns: campaigns, from: head.count))
        file = try OpenFile(path, O_RDWR | O_CREAT)
        guard try file.lock(.exclusive) else {
            throw StorageError(
                "use the journal",
                path,
                code: EWOULDBLOCK,
                reason: "another process uses it; wait until that backfill ends, or give this one another --output"
            )
        }
        let found = try file.read(head.count)
        if found.isEmpty { try file.append(head) }
        guard found.isEmpty || found == head else { return nil }
        try state.withLock { (index) throws(StorageError) in try load(&index, from: head.count) }
    }

    private func load(_ index: inout JournalIndex, from start: Int) throws(StorageError) {
        var offset = start
        while true {
            let taken = index.read(try file.read(Self.chunk, at: offset), at: offset)
            guard taken > 0 else { break }
            offset += taken
        }
        index.discardUncommitted()
        try file.truncate(to: index.end)
    }

    var index: JournalIndex { state.withLock { $0 } }

    /// Appends complete records.
    func append(_ bytes: [UInt8]) async throws(StorageError) {
        try await FileThread.run(within: Self.timeout, on: file.path) { [self] () throws(StorageError) in
            try state.withLock { (index) throws(StorageError) in
                let end = index.end
                try file.write(bytes, at: end)
                _ = index.read(bytes, at: end)
            }
        }
    }

    /// Reads the labels and the totals of a record.
    func series(_ entry: JournalIndex.Entry) throws(StorageError) -> (labels: [UInt8], track: StepSeries) {
        let line = JournalRecord(try file.read(Int(entry.length), at: entry.offset))
        guard case .series(_, let labels, let track) = line else {
            throw StorageError("read", file.path, code: EIO)
        }
        return (labels, track)
    }

    func remove() {
        unlink(file.path)
    }
}
