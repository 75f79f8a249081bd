// SPDX-License-Identifier: Apache-2.0

internal import Exposition
internal import Outreach

/// The time from the publication of an account's report to the first scrape that has it, measured.
struct Freshness: CustomStringConvertible {
    private static let changes = 20

    let description: String

    init(accounts: Int, series: Int) async {
        let section = FleetSection(Fleet.reports(accounts: accounts, series: series))
        let page = MetricsPage([section], live: MomentSection())
        _ = await page.body(.openMetrics100, .gzip)
        var times: [Double] = []
        await withDiscardingTaskGroup { group in
            group.addTask { await page.run() }
            for change in 0..<Self.changes {
                // At any moment of the second that the page rests after a change.
                try? await Task.sleep(for: .milliseconds(change * 617 % 1_500))
                let index = change * 7919 % accounts
                let report = Fleet.report(ofAccount: index, series: series, seed: UInt64(change + 1_000))
                let before = Self.settledTrailer(page)
                let start = ContinuousClock.now
                section.publish(report)
                while Self.trailer(page) == before { try? await Task.sleep(for: .milliseconds(5)) }
                times.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            group.cancelAll()
        }
        times.sort()
        description = """
            Of \(accounts) × \(series) series, from the publication of an account's report to the first scrape with it: \
            median \(times[times.count / 2].shown) ms, at most \(times[times.count - 1].shown) ms
            """
    }

    /// The checksum and length at the end of the page's gzip member.
    private static func trailer(_ page: MetricsPage) -> ArraySlice<UInt8>? {
        page.cachedBody(.openMetrics100, .gzip)?.chunks.last?.suffix(8)
    }

    /// The trailer once the page tells the size of the same page.
    private static func settledTrailer(_ page: MetricsPage) -> ArraySlice<UInt8>? {
        for _ in 0..<2 { _ = trailer(page) }
        return trailer(page)
    }
}
