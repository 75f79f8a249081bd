// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Exposition
internal import Outreach

/// One size of page, measured.
struct Row: CustomStringConvertible {
    static let head = """
        | series | page | gzip | render | render + gzip | per 100,000 series | scrape gzip | scrape plain | resident, gzip and one rebuild |
        |---|---|---|---|---|---|---|---|---|
        """

    let description: String

    init(series: Int) async {
        let reports = Fleet.reports(series: series)
        let section = FleetSection(reports)
        let page = MetricsPage([section], live: MomentSection())
        let gzip = await page.body(.openMetrics100, .gzip)
        let runs = series > 100_000 ? 3 : 7
        let rebuild = await Measurement.best(of: runs) {
            _ = await MetricsPage([section], live: MomentSection()).body(.openMetrics100, .gzip)
        }
        let memory = Measurement.resident
        let render = await Measurement.best(of: runs) {
            _ = await MetricsPage([section], live: MomentSection()).body(.openMetrics100, .identity)
        }
        let scrape =
            await Measurement.best(of: 7) { for _ in 0..<100 { _ = page.cachedBody(.openMetrics100, .gzip) } } / 100
        let plain = await page.body(.openMetrics100, .identity)
        let plainScrape =
            await Measurement.best(of: 7) { for _ in 0..<100 { _ = page.cachedBody(.openMetrics100, .identity) } } / 100
        let cells = [
            "\(series)", "\((Double(plain.byteCount) / 1e6).shown) MB", "\((Double(gzip.byteCount) / 1e6).shown) MB",
            "\(render.shown) ms", "\(rebuild.shown) ms", "\((rebuild / Double(series) * 1e5).shown) ms",
            "\((scrape * 1e3).shown) µs", "\((plainScrape * 1e3).shown) µs",
            "\(memory.now.shown) MB, peak \(memory.peak.shown) MB",
        ]
        description = "| " + cells.joined(separator: " | ") + " |"
    }
}
