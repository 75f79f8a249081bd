// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Exposition
internal import Outreach

/// Measures the scrape path inside the process: `swift run -c release Benchmarks [series | accounts x series …]`.
@main
enum Benchmarks {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let sizes = arguments.compactMap { Int($0) }
        let fleets = arguments.compactMap(fleet)
        if !sizes.isEmpty || fleets.isEmpty {
            print(Row.head)
            for size in sizes.isEmpty ? [1_000, 10_000, 100_000, 1_000_000] : sizes {
                print(await Row(series: size))
            }
        }
        if !fleets.isEmpty || sizes.isEmpty {
            print("\n" + ChangeRow.head)
            let usual = [(1, 20_000), (10, 20_000), (50, 20_000), (500, 20_000), (500, 2_000), (500, 20)]
            for (accounts, series) in fleets.isEmpty ? usual : fleets {
                print(await ChangeRow(accounts: accounts, series: series))
            }
        }
        guard arguments.isEmpty else { return }
        print("\n" + (await Freshness(accounts: 50, series: 20_000).description))
        await negotiation()
        await levels()
    }

    /// Reads `50x20000`.
    private static func fleet(_ text: String) -> (Int, Int)? {
        let numbers = text.split(separator: "x").compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }

    /// What a scrape's two headers cost.
    private static func negotiation() async {
        let accept =
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
        let milliseconds = await Measurement.best(of: 5) {
            for _ in 0..<1_000 {
                precondition(ContentType(accepting: accept).format == .openMetrics100)
                precondition(ContentCoding(accepting: "gzip") == .gzip)
            }
        }
        print("\nNegotiation with Prometheus 3: \(milliseconds.shown) µs")
    }

    /// What each level of compression costs, without rendering, and brings.
    private static func levels() async {
        var writer = ExpositionWriter(.openMetrics)
        ReportWriter(Fleet.reports(series: 100_000)).write(to: &writer)
        let series = Double(writer.seriesCount)
        let text = writer.finish()
        print("\n| level | compression of 100,000 series | bytes per series |\n|---|---|---|")
        for level in 1...9 {
            let deflater = Deflater(level: level)
            var byteCount = 0
            let milliseconds = await Measurement.best(of: 5) {
                byteCount = 0
                for start in stride(from: 0, to: text.count, by: Deflater.stretchLength) {
                    let end = min(start + Deflater.stretchLength, text.count)
                    byteCount += deflater.deflate(text.span.extracting(start..<end)).count
                }
            }
            let perSeries = Double(byteCount) / series
            print("| \(level) | \((milliseconds / series * 1e5).shown) ms | \(perSeries.shown) |")
        }
    }
}

extension Double {
    /// Rounded to two decimal places.
    var shown: String { "\((self * 100).rounded() / 100)" }
}
