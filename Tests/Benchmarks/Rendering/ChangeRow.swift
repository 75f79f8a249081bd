// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// What the change of one account costs in a fleet, measured.
struct ChangeRow: CustomStringConvertible {
    static let head = """
        | accounts × series | series | gzip | whole page anew | change of one account | scrape gzip | scrape of one account | after its change | resident |
        |---|---|---|---|---|---|---|---|---|
        """

    let description: String

    init(accounts: Int, series: Int) async {
        let section = FleetSection(Fleet.reports(accounts: accounts, series: series))
        let page = MetricsPage([section], live: MomentSection())
        let start = Measurement.processorTime
        let gzip = await page.body(.openMetrics100, .gzip)
        let first = Measurement.processorTime - start
        var changes: [Double] = []
        for run in 0..<24 {
            // Accounts of all sizes and at all places, every number of them changed.
            let index = run * 7919 % accounts
            section.publish(Fleet.report(ofAccount: index, series: series, seed: UInt64(run + 1_000)))
            _ = page.cachedBody(.openMetrics100, .gzip)
            let start = Measurement.processorTime
            await page.refresh()
            changes.append(Measurement.processorTime - start)
        }
        let scrape =
            await Measurement.best(of: 7) { for _ in 0..<100 { _ = page.cachedBody(.openMetrics100, .gzip) } } / 100
        let account: Set = [Fleet.report(ofAccount: 0, series: series, seed: 0).account.name]
        let one = await page.body(.openMetrics100, .gzip, of: account)
        let scrapeOfOne = await Measurement.best(of: 7) {
            for _ in 0..<100 { _ = await page.body(.openMetrics100, .gzip, of: account) }
        }
        section.publish(Fleet.report(ofAccount: 0, series: series, seed: 999))
        let changed = await Measurement.best(of: 1) { _ = await page.body(.openMetrics100, .gzip, of: account) }
        let memory = Measurement.resident
        let cells = [
            "\(accounts) × \(series)", "\(page.seriesCount ?? 0)", "\((Double(gzip.byteCount) / 1e6).shown) MB",
            "\(first.shown) ms", "\((changes.reduce(0, +) / Double(changes.count)).shown) ms",
            "\((scrape * 1e3).shown) µs",
            "\((scrapeOfOne * 10).shown) µs, \((Double(one.byteCount) / 1e6).shown) MB", "\(changed.shown) ms",
            "\(memory.now.shown) MB, peak \(memory.peak.shown) MB",
        ]
        description = "| " + cells.joined(separator: " | ") + " |"
    }
}
