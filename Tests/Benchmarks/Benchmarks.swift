// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Exposition
internal import Glibc
internal import Outreach

@main
enum Benchmarks {
    static func main() {
        let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        for size in sizes.isEmpty ? [1_000, 10_000, 100_000, 1_000_000] : sizes {
            let reports = Fleet.reports(series: size)
            print("reports", size, "rss", resident())
            for level in CommandLine.arguments.contains("r") ? [0] : [1] {
                var best = Double.infinity; var bytes = 0; var count = 0; var raw = 0
                for _ in 0..<40 {
                    let start = cpu()
                    var writer = ExpositionWriter(.text, into: level == 0 ? nil : Deflater(level: level))
                    ReportWriter(reports).write(to: &writer)
                    let part = writer.finish()
                    best = min(best, cpu() - start)
                    count = part.seriesCount
                    switch part.content {
                    case .plain(let chunks):
                        if CommandLine.arguments.contains("dump") {
                            let f = fopen("/tmp/pg/page.txt", "w"); for c in chunks { fwrite(c, 1, c.count, f) };
                            fclose(f); exit(0)
                        }; bytes = chunks.reduce(0) { $0 + $1.count }; raw = bytes
                    case .deflated(let piece): bytes = piece.byteCount; raw = piece.length
                    }
                }
                print(
                    "level",
                    level,
                    "series",
                    count,
                    "raw",
                    raw,
                    "bytes",
                    bytes,
                    "ms",
                    best * 1000,
                    "ms/100k",
                    best * 1000 / Double(count) * 100_000,
                    "rss",
                    resident()
                )
            }
        }
    }

    static func cpu() -> Double {
        var t = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
        return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9
    }

    static func resident() -> String {
        guard let f = fopen("/proc/self/statm", "r") else { return "" }
        defer { fclose(f) }
        var buffer = [CChar](repeating: 0, count: 100)
        fgets(&buffer, 100, f)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\((Int(text.split(separator: " ")[1]) ?? 0) * 4096 / 1_000_000) MB"
    }
}
