// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Exposition
internal import Outreach

/// Measures the scrape path inside the process: `swift run -c release Benchmarks [series …]`.
@main
enum Benchmarks {
    static func main() async {
        let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        print(Row.head)
        for size in sizes.isEmpty ? [1_000, 10_000, 100_000, 1_000_000] : sizes {
            print(await Row(series: size))
        }
        await negotiation()
        await levels()
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

    /// What each level of compression costs and brings.
    private static func levels() async {
        let reports = Fleet.reports(series: 100_000)
        print("\n| level | processor time per 100,000 series | bytes per series |\n|---|---|---|")
        for level in 1...9 {
            var part: RenderedSection?
            let milliseconds = await Measurement.best(of: 5) {
                var writer = ExpositionWriter(.openMetrics, into: Deflater(level: level))
                ReportWriter(reports).write(to: &writer)
                part = writer.finish()
            }
            guard let part, case .deflated(let piece) = part.content else { continue }
            let series = Double(part.seriesCount)
            print(
                "| \(level) | \((milliseconds / series * 1e5).shown) ms | \((Double(piece.byteCount) / series).shown) |"
            )
        }
    }
}

extension Double {
    /// Rounded to two decimal places.
    var shown: String { "\((self * 100).rounded() / 100)" }
}
