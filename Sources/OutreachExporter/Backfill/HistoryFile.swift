// SPDX-License-Identifier: Apache-2.0

internal import Outreach
internal import Exposition
internal import History

/// The output: written beside its place in one pass over the spool, and put there when it is whole.
struct HistoryFile: Sendable {
    let order: BackfillOrder
    let accounts: [BackfillAccount]
    let spool: Spool

    /// Writes it; returns how many series and samples it has.
    func write() throws(StorageError) -> (series: Int, samples: Int) {
        try DurableFile(path: order.output).replace(mode: 0o644) { file throws(StorageError) in
            var writer = HistoryWriter(order.grid, adding: order.labels) { bytes throws(StorageError) in
                try file.append(bytes)
            }
            try write(to: &writer)
            return (writer.series, writer.samples)
        }
    }

    private func write(to writer: inout HistoryWriter<StorageError>) throws(StorageError) {
        let index = spool.index
        for (number, family) in HistoryFamilies.all.enumerated() {
            writer.open(family)
            if number == HistoryFamilies.campaignInfo { try writeNames(to: &writer, index) }
            for (campaign, lines) in index.entries(of: number) {
                let birth = index.birth(of: campaign) ?? order.grid.days.count
                for (labels, track) in try series(lines) { try writer.write(track, labels, from: birth) }
            }
        }
        try writer.end()
    }

    /// The series that some lines tell of, in an order that does not depend on which of them came first.
    private func series(_ lines: [SpoolIndex.Entry]) throws(StorageError) -> [(labels: [UInt8], track: Track)] {
        var tracks: [[UInt8]: [Track]] = [:]
        for line in lines {
            let (labels, track) = try spool.series(line)
            tracks[labels, default: []].append(track)
        }
        return tracks.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, Track(joining: $0.value)) }
    }

    /// Today's names, from each campaign's first event on: the dashboards join them onto everything.
    private func writeNames(to writer: inout HistoryWriter<StorageError>, _ index: SpoolIndex) throws(StorageError) {
        let campaigns = accounts.flatMap { account in account.campaigns.map { (account, $0) } }
        for (number, (account, campaign)) in campaigns.enumerated() {
            guard let name = campaign.name else { continue }
            let birth = index.birth(of: number) ?? order.grid.days.count
            try writer.write(.one, account.labels(of: campaign.id).adding("name", name).bytes, from: birth)
        }
    }
}
